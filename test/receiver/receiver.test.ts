import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { describe, expect, it } from 'vitest';
import type { PhoneSettings } from '../../src/protocol/settings.ts';
import { get, receiver, send } from './raw.ts';

/** Request lines as the document captured them, and the event each is. */
const CAPTURED = [
  ['/unmuteUrl.xml?action_url=', 'unMute', { action_url: '' }],
  [
    '/setupCompletedUrl.xml?ip=172.16.0.102&mac=80:82:87:04:68:C2',
    'setupCompleted',
    { ip: '172.16.0.102', mac: '80:82:87:04:68:C2' },
  ],
  [
    '/registeredUrl.xml?ip=172.16.0.102&mac=80:82:87:04:68:C2',
    'registered',
    { ip: '172.16.0.102', mac: '80:82:87:04:68:C2' },
  ],
  [
    '/registerFailedUrl.xml?firmware=2.2.5.45698&model=A41w',
    'registerFailed',
    { firmware: '2.2.5.45698', model: 'A41w' },
  ],
  ['/offHookUrl.xml?firmware=2.2.5.45698&model=A41w', 'offHook', { firmware: '2.2.5.45698', model: 'A41w' }],
  ['/idleToBusyUrl.xml?action_user=&action_host=', 'idleToBusy', { action_user: '', action_host: '' }],
  [
    '/cancelCalloutUrl.xml?firmware=2.2.5.45698&model=A41w',
    'cancelCallOut',
    { firmware: '2.2.5.45698', model: 'A41w' },
  ],
  [
    '/busyToIdleUrl.xml?firmware=2.2.5.45698&model=A41w',
    'busyToIdle',
    { firmware: '2.2.5.45698', model: 'A41w' },
  ],
  [
    '/openAlwaysForwardUrl.xml?ip=172.16.0.102&mac=80:82:87:04:6B:C2',
    'openAlwaysForward',
    { ip: '172.16.0.102', mac: '80:82:87:04:6B:C2' },
  ],
  [
    '/closeCallWaitingUrl.xml?ip=172.16.0.102&mac=80:82:87:04:6B:C2',
    'closeCallWaiting',
    { ip: '172.16.0.102', mac: '80:82:87:04:6B:C2' },
  ],
] as const;

describe('a request line of the document', () => {
  it.each(CAPTURED)('%s is %s', async (target, event, values) => {
    const { hub, port } = await receiver();
    const came = hub.waitFor(event);
    expect(await send(port, get(target))).toMatch(/^HTTP\/1\.[01] 200 OK\r\n/);
    expect(await came).toMatchObject({ event, values, source: '127.0.0.1', path: target.split('?')[0] });
  });
});

describe('a request as phones write it', () => {
  it.each([
    [
      'a blank in a display name',
      '/incomingCallUrl.xml?display_remote=John Doe&remote=sip:1@pbx',
      { display_remote: 'John Doe', remote: 'sip:1@pbx' },
    ],
    [
      'an & in a display name',
      '/incomingCallUrl.xml?display_remote=Smith & Sons&remote=sip:1@pbx',
      { display_remote: 'Smith & Sons', remote: 'sip:1@pbx' },
    ],
    [
      'a + and an @',
      '/incomingCallUrl.xml?remote=sip:+4930@pbx;user=phone',
      { remote: 'sip:+4930@pbx;user=phone' },
    ],
    [
      'UTF-8',
      `/incomingCallUrl.xml?display_remote=${Buffer.from('Zoë').toString('latin1')}`,
      { display_remote: 'Zoë' },
    ],
    ['Latin-1', '/incomingCallUrl.xml?display_remote=Zo\u00eb', { display_remote: 'Zoë' }],
    ['escapes', '/incomingCallUrl.xml?display_remote=Zo%C3%AB%20100%', { display_remote: 'Zoë 100%' }],
    [
      'quotes and brackets',
      '/incomingCallUrl.xml?display_remote="A" <b> {c}|d',
      { display_remote: '"A" <b> {c}|d' },
    ],
    ['a folder in the path and another case', '/floor1/INCOMINGCALLURL.XML?remote=1', { remote: '1' }],
  ])('with %s', async (_, target, values) => {
    const { hub, port } = await receiver();
    expect(await send(port, get(target))).toContain('200 OK');
    expect(hub.since(0)).toMatchObject([{ event: 'incomingCall', values }]);
  });

  it('with Host and over HTTP/1.1, on a connection that stays', async () => {
    const { hub, port, url } = await receiver();
    expect((await fetch(`${url}/holdUrl.xml`)).status).toBe(200);
    expect((await fetch(`${url}/unHoldUrl.xml`)).status).toBe(200);
    expect(hub.since(0).map(({ event }) => event)).toEqual(['hold', 'unHold']);
    expect(port).toBeGreaterThan(0);
  });

  it('over https', async () => {
    const fixture = (name: string) =>
      readFileSync(new URL(`../support/certificates/${name}`, import.meta.url), 'utf8');
    const { hub, url } = await receiver({ tls: { key: fixture('phone.key'), cert: fixture('phone.crt') } });
    const status = await new Promise((resolve, reject) => {
      request(`${url}/muteUrl.xml`, { ca: fixture('phone.crt'), agent: false }, (response) =>
        resolve(response.statusCode),
      )
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
    expect(hub.since(0)).toMatchObject([{ event: 'mute' }]);
  });
});

describe('what is no event', () => {
  it.each([
    ['an unknown path', get('/favicon.ico'), '404', { unknown: 1, refused: 0 }],
    ['no path', get('/'), '404', { unknown: 1, refused: 0 }],
    ['POST', 'POST /holdUrl.xml HTTP/1.0\r\nContent-Length: 0\r\n\r\n', '405', { unknown: 0, refused: 1 }],
    ['HEAD', 'HEAD /holdUrl.xml HTTP/1.0\r\n\r\n', '405', { unknown: 0, refused: 1 }],
    ['CONNECT', 'CONNECT x:80 HTTP/1.1\r\n\r\n', '405', { unknown: 0, refused: 1 }],
    [
      'a body',
      'GET /holdUrl.xml HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc',
      '413',
      { unknown: 0, refused: 1 },
    ],
    [
      'a chunked body',
      'GET /holdUrl.xml HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '413',
      { unknown: 0, refused: 1 },
    ],
    [
      'a URL of more than 8 KiB',
      get(`/holdUrl.xml?remote=${'x'.repeat(9000)}`),
      '414',
      { unknown: 0, refused: 1 },
    ],
    [
      'a request line of 1 MB',
      get(`/holdUrl.xml?remote=${'x'.repeat(1024 * 1024)}`),
      '4',
      { unknown: 0, refused: 1 },
    ],
    ['garbage', '\u0000\u0001\u0002\u0003\r\n\r\n', '400', { unknown: 0, refused: 1 }],
    ['an unknown path with blanks', get('/no such path'), '404', { unknown: 1, refused: 0 }],
    ['NUL in the target', get('/holdUrl.xml?remote=a\u0000b'), '400', { unknown: 0, refused: 1 }],
  ])('%s', async (_, bytes, status, counts) => {
    const { hub, port, counts: counted } = await receiver();
    const answer = await send(port, bytes);
    if (answer !== '') expect(answer).toMatch(new RegExp(`^HTTP/1\\.[01] ${status}`));
    expect(hub.since(0)).toEqual([]);
    expect(counted).toEqual(counts);
  });
});

describe('the name of a phone', () => {
  const phones: PhoneSettings[] = [
    { name: 'reception', host: '172.16.0.57', mac: '80:82:87:04:6B:C2' },
    { name: 'lobby', host: '172.16.0.37' },
    { name: 'here', host: '127.0.0.9' },
    { name: 'twin-1', host: '127.0.0.8:7001' },
    { name: 'twin-2', host: '127.0.0.8:7002' },
  ];

  it.each([
    ['its MAC address, before its IP', '?mac=80-82-87-04-6b-c2&ip=172.16.0.37', '127.0.0.1', 'reception'],
    ['its IP address', '?mac=80:82:87:00:00:00&ip=172.16.0.37', '127.0.0.1', 'lobby'],
    ['the address it came from', '', '127.0.0.9', 'here'],
    ['an address with a port, where phones share one', '?ip=127.0.0.8:7002', '127.0.0.8', 'twin-2'],
    ['no guess between phones at one address', '', '127.0.0.8', '127.0.0.8 (shared)'],
    ['the address it says it has', '?ip=172.16.9.9', '127.0.0.1', '172.16.9.9'],
    ['no text that is no address', '?ip=evil;rm', '127.0.0.5', '127.0.0.5'],
  ])('is found by %s', async (_, query, from, name) => {
    const { hub, port } = await receiver({ phones });
    await send(port, get(`/holdUrl.xml${query}`), from);
    expect(hub.since(0)).toMatchObject([{ phone: name }]);
  });
});

it('says which port is taken', async () => {
  const { port } = await receiver();
  await expect(receiver({ port })).rejects.toMatchObject({
    code: 'port-unavailable',
    details: { reason: 'it is in use' },
  });
});
