import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newFeed } from '../../src/simulator/face/feed.ts';
import { press, send } from './helpers.ts';
import { start } from './started.ts';

/** What a page hears: the names of what comes, and what each says. */
async function follow(url: string, path: string) {
  const request = get(`${url}${path}`);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  onTestFinished(() => {
    request.destroy();
  });
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const heard = () =>
    [...text.matchAll(/^event: (\w+)\ndata: (.*)\n\n/gm)].map(([, name = '', data = '']) => ({
      name,
      ...JSON.parse(data),
    }));
  /** Until something is among it. */
  const until = (is: (one: ReturnType<typeof heard>[number]) => boolean) =>
    expect.poll(() => heard().some(is)).toBe(true);
  return { heard, until, status: response.statusCode };
}

const act = (url: string, body: string) => send(url, '/_sim/press', { method: 'POST', body });

describe('what a face receives', () => {
  it('is all at first, then each key before what became of it', async () => {
    const { url } = await start({ phones: 2, approved: true });
    const { heard, until } = await follow(url, '/_sim/face');
    await press(url, '6002;SEND');
    await until(({ name, news }) => name === 'state' && news.state === 'calling');
    const names = heard().map(
      ({ name, news }) => `${name} ${news?.token ?? news?.event ?? news?.outcome ?? ''}`,
    );
    expect(names.filter((name) => !name.startsWith('phones') && !name.startsWith('beat'))).toEqual([
      'request pressed',
      'event digits',
      'key 6002',
      'event offHook',
      'event idleToBusy',
      'event outgoingCall',
      'key SEND',
      // However much happened at once, how it looks is told once.
      'state ',
    ]);
    expect(heard()[0]).toMatchObject({ name: 'phones', 0: { phone: '6001', model: 'A48', softKeys: 4 } });
    expect(heard().every(({ name, phone }) => name === 'phones' || phone === '6001')).toBe(true);
  });

  it('is of every phone where all are shown', async () => {
    const { url } = await start({ phones: 2, approved: true });
    const { until } = await follow(url, '/_sim/faces');
    await press(url, '6002;SEND');
    await until(({ name, phone, news }) => name === 'state' && phone === '6002' && news.state === 'ringing');
  });

  it('is the last of what was, for who comes late', async () => {
    const { url } = await start({ phones: 1 });
    await press(url, 'MENU');
    await press(url, 'MENU');
    const { heard, until } = await follow(url, '/_sim/face');
    await until(({ name }) => name === 'phones');
    expect(heard()[0]).toMatchObject({
      0: {
        requests: [
          { from: '127.0.0.1', query: 'key=MENU', outcome: 'asks' },
          { from: '127.0.0.1', query: 'key=MENU', outcome: 'asks' },
        ],
        events: [{ event: 'remoteControlAsked', detail: '127.0.0.1', reported: false }],
        state: { prompt: '127.0.0.1', softKeys: ['Save', 'Cancel'] },
      },
    });
  });

  it('does not grow, however much arrives', () => {
    const feed = newFeed();
    for (let number = 0; number < 100; number += 1) {
      feed.event({ phone: '6001', kind: 'digits', detail: String(number) });
      feed.request({ from: '127.0.0.1', query: 'x'.repeat(5000), outcome: 'pressed' });
    }
    expect(feed.events.map(({ detail }) => detail)).toEqual(
      Array.from({ length: 30 }, (_, index) => `${index + 70}`),
    );
    expect([feed.requests.length, feed.requests[0]?.query.length]).toEqual([30, 200]);
  });
});

describe('the person at a face', () => {
  it('needs no approval, and answers the prompt with its soft keys', async () => {
    const { url, simulator } = await start({ phones: 2, allow: ['127.0.0.1'] });
    expect((await press(url, 'MENU')).status).toBe(403);
    expect((await act(url, '{"keys":["6","SOFTKEY2"]}')).status).toBe(200);
    expect(simulator.state('6001')).toMatchObject({ prompt: null, digits: '6' });
    expect((await press(url, 'MENU')).status).toBe(403);
    await act(url, '{"keys":["OK"]}');
    expect((await press(url, 'UN_DIAL')).status).toBe(200);
    // Nothing is asked any more, so it is a key of the phone again.
    await act(url, '{"keys":["SOFTKEY4"]}');
    expect(simulator.state('6001').screen).toBe('Menu');
  });

  it('lifts the handset to open a line, to call what was typed and to answer; and puts it down', async () => {
    const { url, simulator } = await start({ phones: 3 });
    const states = () => ['6001', '6002'].map((extension) => simulator.state(extension).state).join(' ');
    const hook = (phone: string, to: 'off' | 'on') => act(url, JSON.stringify({ phone, hook: to }));
    await hook('6001', 'off');
    expect(states()).toBe('dialling idle');
    await hook('6001', 'on');
    expect(states()).toBe('idle idle');
    await act(url, '{"keys":["6","0","0","2"]}');
    await hook('6001', 'off');
    expect(states()).toBe('calling ringing');
    await hook('6002', 'off');
    expect(states()).toBe('talking talking');
    await act(url, '{"keys":["SPEAKER"]}');
    expect(simulator.state('6001').audio).toBe('speaker');
    await hook('6001', 'off');
    expect(simulator.state('6001').audio).toBe('handset');
    await hook('6002', 'on');
    expect(states()).toBe('idle idle');
    await hook('6002', 'on');
    expect(simulator.state('6002').log.at(-1)).toMatchObject({
      key: 'ON HOOK',
      did: ['ignored does nothing in state idle'],
    });
  });

  it.each([
    '',
    'null',
    '{}',
    '{"keys":[]}',
    '{"keys":"MENU"}',
    '{"keys":["menu"]}',
    '{"keys":["6;0"]}',
    '{"keys":[6]}',
    '{"hook":"up"}',
    `{"keys":[${Array(65).fill('"6"').join()}]}`,
  ])('is told what to send instead of %.30s', async (body) => {
    const { url, simulator } = await start();
    expect(await act(url, body)).toMatchObject({
      status: 400,
      body: 'send {"keys":["SPEAKER"]} or {"hook":"off"}\n',
    });
    expect(simulator.state('6001').presses).toBe(0);
  });

  it('cannot touch a phone that is not there', async () => {
    const { url } = await start();
    expect((await act(url, '{"phone":"6002","keys":["MENU"]}')).status).toBe(404);
  });
});

describe('the list of the page Remote Control', () => {
  it('is read and written as on the page', async () => {
    const { url } = await start({ allow: ['172.16.0.235', '172.16.0.232'] });
    expect(JSON.parse((await send(url, '/_sim/allow-list')).body)).toEqual({
      allow: '172.16.0.235, 172.16.0.232',
    });
    const write = (allow: unknown) =>
      send(url, '/_sim/allow-list', { method: 'POST', body: JSON.stringify({ allow }) });
    expect(JSON.parse((await write(' 127.0.0.1 ,, ::1')).body)).toEqual({ allow: '127.0.0.1, ::1' });
    expect((await press(url, 'MENU')).status).toBe(403);
    expect(JSON.parse((await write('any')).body)).toEqual({ allow: 'any' });
    expect(JSON.parse((await write('')).body)).toEqual({ allow: '' });
    expect(await write('10.0.0.256')).toMatchObject({
      status: 400,
      body: expect.stringContaining('10.0.0.256'),
    });
    expect(await write(7)).toMatchObject({ status: 400 });
    expect(JSON.parse((await send(url, '/_sim/allow-list')).body)).toEqual({ allow: '' });
  });
});

describe('the files of a face', () => {
  it.each(['/', '/all', '/remote-control', '/action-url', '/main.js', '/style.css', '/icon.svg'])(
    '%s may hold nothing from elsewhere',
    async (path) => {
      const { url } = await start();
      const { status, headers, body } = await send(url, path);
      expect(status).toBe(200);
      expect(headers['content-security-policy']).toContain(
        "default-src 'none'; script-src 'self'; style-src 'self'",
      );
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(body).not.toMatch(/<script>|\son\w+=|style="|https?:\/\/(?!www\.w3\.org|127\.0\.0\.1)/);
    },
  );

  it('are read only', async () => {
    const { url } = await start();
    expect((await send(url, '/', { method: 'POST', body: '{}' })).status).toBe(405);
  });
});
