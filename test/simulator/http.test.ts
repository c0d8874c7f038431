import { describe, expect, it } from 'vitest';
import type { Happening } from '../../src/simulator/index.ts';
import { press, send } from './helpers.ts';
import { start } from './started.ts';

describe('virtual phones', () => {
  it('are named, numbered and listen one by one', async () => {
    const { simulator } = await start({ phones: 3, models: ['A21', 'A68'] });
    expect(simulator.phones.map(({ name, extension, model, mac }) => [name, extension, model, mac])).toEqual([
      ['virtual-1', '6001', 'A21', '80:82:87:00:00:01'],
      ['virtual-2', '6002', 'A68', '80:82:87:00:00:02'],
      ['virtual-3', '6003', 'A68', '80:82:87:00:00:03'],
    ]);
    expect(new Set(simulator.phones.map(({ host }) => host)).size).toBe(3);
    expect(simulator.phones.every(({ host, url }) => url === `http://${host}`)).toBe(true);
    expect(simulator.phones[0]?.host).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  it('are one A48 when nothing is said', async () => {
    const { simulator } = await start();
    expect(simulator.phones.map(({ model }) => model)).toEqual(['A48']);
  });

  it('call each other, driven by nothing but HTTP', async () => {
    const { urls, simulator } = await start({ phones: 2, approved: true });
    const [first = '', second = ''] = urls;
    expect(await press(first, '6002;DIAL;')).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/html', connection: 'close' },
    });
    expect(await press(second, 'SFK1;')).toMatchObject({ status: 200 });
    expect(simulator.state('6001').state).toBe('talking');
    expect((await send(second, '/_sim/lcd')).body).toBe(`${simulator.lcd('6002').join('\n')}\n`);
    expect(simulator.lcd('6002')).toContain('Talking 6001');
  });

  it('rejects an unknown extension', async () => {
    const { simulator } = await start();
    expect(() => simulator.state('6002')).toThrow(expect.objectContaining({ code: 'unknown-phone' }));
  });

  it.each([0, -1, 1.5, 1001])('are not started %d times', async (phones) => {
    await expect(start({ phones })).rejects.toMatchObject({ code: 'usage' });
  });

  it.each(['', '::1%lo', 'a b'])('cannot have the address %j', async (host) => {
    await expect(start({ host })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('the address'),
    });
  });
});

describe('the command path', () => {
  it.each([
    ['/cgi-bin/server.cgi', 400],
    ['/cgi-bin/server.cgi?', 400],
    ['/cgi-bin/server.cgi?key', 400],
    ['/cgi-bin/server.cgi?key=', 400],
    ['/cgi-bin/server.cgi?key=;', 400],
    ['/cgi-bin/server.cgi?KEY=HOLD', 400],
    ['/cgi-bin/server.cgi?key=HOLD&', 400],
    ['/cgi-bin/server.cgi?key=HOLD&key=RESUME', 400],
    ['/cgi-bin/server.cgi?a=1&key=HOLD', 400],
    ['/cgi-bin/server.cgi?key=HOLD', 200],
    ['/cgi-bin/server.cgi?key=HOLD;', 200],
    ['/cgi-bin/server_test.cgi', 200],
    ['/', 200],
    ['/servlet?key=HOLD', 404],
    ['/cgi-bin/server.cgi/?key=HOLD', 404],
    ['/_sim/', 404],
    ['/constructor', 404],
    ['/cgi-bin/%73erver.cgi?key=HOLD', 404],
  ])('%s is %d', async (path, status) => {
    const { url, simulator } = await start({ approved: true });
    const answer = await send(url, path);
    expect(answer.status).toBe(status);
    expect(answer.headers['connection']).toBe('close');
    const pressed = status === 200 && path.includes('key=');
    expect(simulator.state('6001').presses).toBe(pressed ? 1 : 0);
  });

  it.each(['POST', 'HEAD', 'PUT', 'OPTIONS'])('%s is 405 and presses nothing', async (method) => {
    const { url, simulator } = await start({ approved: true });
    const answer = await send(url, '/cgi-bin/server.cgi?key=MENU', { method });
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'GET' } });
    expect(simulator.state('6001').presses).toBe(0);
  });

  it('shows its model on its page', async () => {
    const { url } = await start({ models: ['A68'] });
    expect((await send(url, '/')).body).toContain('<title>ATCOM A68</title>');
  });

  it('does not decode, and ignores what is not a key of the model, as phones do', async () => {
    const { url, simulator } = await start({ approved: true, models: ['A21'] });
    expect(await press(url, 'MENU%3BSTATUS;LINEKEY3;MENUU;VOL_UP')).toMatchObject({ status: 200 });
    const { log, keys, presses, volume, screen } = simulator.state('6001');
    expect(log.map(({ key, ignored, did }) => [key, ignored, did])).toEqual([
      ['MENU%3BSTATUS', true, ['ignored no such key']],
      ['LINEKEY3', true, ['ignored A21 has no such key']],
      ['MENUU', true, ['ignored no such key']],
      ['VOL_UP', false, ['volume 6']],
    ]);
    expect({ keys, presses, volume, screen }).toEqual({
      keys: { VOLUME_UP: 1 },
      presses: 4,
      volume: 6,
      screen: 'Main',
    });
  });

  it('counts every key of every request', async () => {
    const { url, simulator } = await start({ approved: true });
    await press(url, '66*;POUND;SEND');
    await press(url, 'HOLD');
    expect(simulator.state('6001')).toMatchObject({
      presses: 4,
      keys: { '6': 2, '*': 1, POUND: 1, SEND: 1, HOLD: 1 },
    });
  });

  it('reports everything that happens, in order', async () => {
    const happenings: Happening[] = [];
    const { url } = await start({ approved: true, phones: 2, onHappening: (one) => happenings.push(one) });
    await press(url, '6002;DIAL');
    expect(happenings.map(({ phone, kind }) => `${phone} ${kind}`)).toEqual([
      '6001 digits',
      '6001 offHook',
      '6001 idleToBusy',
      '6001 outgoingCall',
      '6002 idleToBusy',
      '6002 incomingCall',
    ]);
    expect(happenings.at(-1)).toEqual({
      phone: '6002',
      kind: 'incomingCall',
      call: 'call-1',
      remote: '6001',
      called: '6002',
    });
  });
});
