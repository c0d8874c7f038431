import { describe, expect, it } from 'vitest';
import type { PhoneSnapshot } from '../../src/simulator/index.ts';
import { press, send } from './helpers.ts';
import { start, startAwaiting } from './started.ts';

describe('"Allow Remote Control?"', () => {
  it('swallows the first request, shows on the display, and lets the same request through after Save', async () => {
    const { url, simulator } = await start();
    expect((await press(url, 'MENU')).status).toBe(403);
    expect(simulator.lcd('6001')).toEqual([
      '6001 A48',
      'Allow Remote Control?',
      '127.0.0.1',
      'Line 1 handset vol 5',
      '[Save] [Cancel]',
    ]);
    expect(simulator.state('6001')).toMatchObject({ prompt: '127.0.0.1', presses: 0, screen: 'Main' });
    const answer = await send(url, '/_sim/lcd', { method: 'POST', body: '{"press":"save"}' });
    expect(answer).toMatchObject({ status: 200, body: 'save\n' });
    expect((await press(url, 'MENU')).status).toBe(200);
    expect(simulator.state('6001')).toMatchObject({ prompt: null, presses: 1, screen: 'Menu' });
  });

  it('asks again after Cancel', async () => {
    const { url, simulator } = await start();
    await press(url, 'MENU');
    expect(simulator.answerPrompt('6001', 'cancel')).toBe(true);
    expect(simulator.lcd('6001')).toContain('Idle');
    expect(simulator.answerPrompt('6001', 'save')).toBe(false);
    expect((await press(url, 'MENU')).status).toBe(403);
    expect(simulator.state('6001').prompt).toBe('127.0.0.1');
  });

  it('is each phone’s own', async () => {
    const { simulator, urls } = await start({ phones: 2 });
    await Promise.all(urls.map((url) => press(url, 'MENU')));
    simulator.answerPrompt('6001', 'save');
    const answers = await Promise.all(urls.map((url) => press(url, 'MENU')));
    expect(answers.map(({ status }) => status)).toEqual([200, 403]);
  });

  it('can be a 200 that says so', async () => {
    const { url, simulator } = await start({ promptReply: 200 });
    const answer = await press(url, 'MENU');
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('Allow Remote Control?');
    expect(simulator.state('6001').presses).toBe(0);
  });

  it('can be a closed connection', async () => {
    const { url, simulator } = await start({ promptReply: 'close' });
    await expect(press(url, 'MENU')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(simulator.state('6001')).toMatchObject({ prompt: '127.0.0.1', presses: 0 });
  });

  it('can be silence, which closing the simulator ends', async () => {
    const { url, simulator, seen } = await startAwaiting('remoteControlAsked', { promptReply: 'hang' });
    const failure = expect(press(url, 'MENU')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await seen).toEqual({ phone: '6001', kind: 'remoteControlAsked', detail: '127.0.0.1' });
    await simulator.close();
    await failure;
  });

  it('does not show for an address that is not listed', async () => {
    const { url, simulator } = await start({ allow: ['127.0.0.2'] });
    expect((await press(url, 'MENU')).status).toBe(403);
    expect(simulator.state('6001').prompt).toBeNull();
    const path = '/cgi-bin/server.cgi?key=MENU';
    expect((await send(url, path, { localAddress: '127.0.0.2' })).status).toBe(403);
    expect(simulator.state('6001').prompt).toBe('127.0.0.2');
    simulator.answerPrompt('6001', 'save');
    expect((await send(url, path, { localAddress: '127.0.0.2' })).status).toBe(200);
    expect((await press(url, 'MENU')).status).toBe(403);
  });

  it('never shows while remote control is off, and /_sim stays open', async () => {
    const { url, simulator } = await start({ allow: [], approved: true });
    expect((await press(url, 'MENU')).status).toBe(403);
    expect(simulator.state('6001')).toMatchObject({ prompt: null, presses: 0 });
    expect((await send(url, '/_sim/lcd')).status).toBe(200);
  });
});

describe('/_sim', () => {
  it('tells the state as JSON', async () => {
    const { url, simulator } = await start({ phones: 2, approved: true });
    await press(url, 'LINEKEY2;6002;SEND');
    const answer = await send(url, '/_sim/state');
    expect(answer.headers['content-type']).toBe('application/json');
    const state = JSON.parse(answer.body) as PhoneSnapshot;
    expect(state).toEqual(simulator.state('6001'));
    expect(state).toMatchObject({
      extension: '6001',
      model: 'A48',
      state: 'calling',
      line: 2,
      calls: [{ id: 'call-1', remote: '6002', direction: 'outgoing', answered: false, held: false }],
    });
    expect(state.log.map(({ key, state: before }) => [key, before])).toEqual([
      ['LINEKEY2', 'idle'],
      ['6002', 'dialling'],
      ['SEND', 'dialling'],
    ]);
    expect(state.log.every(({ time }) => new Date(time).toISOString() === time)).toBe(true);
  });

  it('has no prompt to answer when none shows', async () => {
    const { url } = await start();
    const answer = await send(url, '/_sim/lcd', { method: 'POST', body: '{"press":"save"}' });
    expect(answer).toMatchObject({ status: 409, body: 'no "Allow Remote Control?" shows\n' });
  });

  it.each(['', 'save', 'null', '[]', '{"press":"ok"}', '{"press":1}', `{"press":"save"${' '.repeat(2000)}}`])(
    'says what to send instead of %.20s',
    async (body) => {
      const { url, simulator } = await start();
      await press(url, 'MENU');
      const answer = await send(url, '/_sim/lcd', { method: 'POST', body });
      expect(answer.status).toBe(400);
      expect(answer.body).toContain('{"press":"save"}');
      expect(simulator.state('6001').prompt).toBe('127.0.0.1');
    },
  );

  it('takes GET and POST only', async () => {
    const { url } = await start();
    expect(await send(url, '/_sim/lcd', { method: 'DELETE' })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, POST' },
    });
  });
});
