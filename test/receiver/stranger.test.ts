import { describe, expect, it, vi } from 'vitest';
import { get, receiver, send } from './raw.ts';

const request = (...headers: string[]) =>
  ['GET /holdUrl.xml?remote=1 HTTP/1.1', ...headers, 'Connection: close', '', ''].join('\r\n');

describe('a web page of another site reports no event', () => {
  it.each([
    ['with a picture', ['Host: 127.0.0.1:8088', 'Sec-Fetch-Site: cross-site']],
    [
      'with a link that somebody follows',
      ['Host: 127.0.0.1:8088', 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate'],
    ],
    ['from another port of this computer', ['Host: localhost:8088', 'Sec-Fetch-Site: same-site']],
    [
      'from a socket',
      ['Host: 127.0.0.1:8088', 'Origin: http://evil.example', 'Connection: Upgrade', 'Upgrade: websocket'],
    ],
    ['from a file', ['Host: 127.0.0.1:8088', 'Origin: null']],
    ['in an old browser', ['Host: 127.0.0.1:8088', 'Referer: http://evil.example/']],
    ['that redirects what the browser itself began', ['Host: 127.0.0.1:8088', 'Sec-Fetch-Site: none']],
    ['with a link in the board', ['Host: 127.0.0.1:8088', 'Sec-Fetch-Site: same-origin']],
  ])('%s', async (_, headers) => {
    const { hub, port, counts } = await receiver();
    expect(await send(port, request(...headers))).toMatch(/^HTTP\/1\.1 403 /);
    expect(hub.since(0)).toEqual([]);
    expect(counts.refused).toBe(1);
    expect(hub.refusedSince(0)).toMatchObject([
      { refused: 'foreign-page', path: '/holdUrl.xml', source: '127.0.0.1' },
    ]);
  });

  it.each([
    ['by a name that leads here for a while', 'evil.example:8088'],
    ['by a name that looks like ours', '127.0.0.1.evil.example'],
    ['by an address that is not ours', '192.0.2.1:8088'],
  ])('%s', async (_, host) => {
    const { hub, port } = await receiver();
    expect(await send(port, request(`Host: ${host}`, 'Sec-Fetch-Site: same-origin'))).toMatch(
      /^HTTP\/1\.1 403 /,
    );
    expect(hub.since(0)).toEqual([]);
    expect(hub.refusedSince(0)).toMatchObject([{ refused: 'foreign-host' }]);
  });

  it('also where the listener is bound to all addresses, and is asked at one that is loopback', async () => {
    const { hub, port } = await receiver({ host: '0.0.0.0' });
    expect(await send(port, request('Host: evil.example'))).toMatch(/^HTTP\/1\.1 403 /);
    expect(hub.since(0)).toEqual([]);
  });
});

it.each([
  'http://0.0.0.0:8088',
  'http://[::]:8088',
  'http://[::ffff:127.0.0.1]:8088',
  'http://[::ffff:0.0.0.0]:8088',
])('nor by an address where browsers say nothing, although the URL of the listener is %s', async (url) => {
  const { hub, port } = await receiver({ url });
  expect(await send(port, request(`Host: ${new URL(url).host}`))).toMatch(/^HTTP\/1\.1 403 /);
  expect(hub.refusedSince(0)).toMatchObject([{ refused: 'foreign-host' }]);
});

describe('a phone is heard', () => {
  it.each([
    ['without a host', []],
    ['through a program in Node, whose fetch says how', ['Host: 127.0.0.1:8088', 'Sec-Fetch-Mode: cors']],
    ['by an address of this computer', ['Host: 127.55.0.1:8088']],
    ['by the name in the URL of the listener', ['Host: PBX.example:8088']],
  ])('%s', async (_, headers) => {
    const { hub, port } = await receiver({ url: 'http://pbx.example:8088' });
    expect(await send(port, request(...headers))).toMatch(/^HTTP\/1\.1 200 /);
    expect(hub.since(0)).toHaveLength(1);
  });
});

describe('a listener with a token', () => {
  const token = 's3cret.s3cret';

  it.each([
    ['/holdUrl.xml?token=s3cret.s3cret&mac=80:82', { mac: '80:82' }],
    ['/holdUrl.xml?mac=80:82&amp;token=s3cret.s3cret', { mac: '80:82' }],
    ['/holdUrl.xml?token=s3cret%2Es3cret', {}],
  ])('takes %s, and passes it on to nobody', async (target, values) => {
    const { hub, port } = await receiver({ token });
    expect(await send(port, get(target))).toContain('200 OK');
    expect(hub.since(0)).toMatchObject([{ event: 'hold', path: '/holdUrl.xml', values }]);
    expect(JSON.stringify([hub.since(0), hub.heard()])).not.toContain('s3cret');
  });

  it.each([
    '/holdUrl.xml?mac=80:82',
    '/holdUrl.xml?token=',
    '/holdUrl.xml?token=s3cret.s3cre',
    '/holdUrl.xml?token=S3cret.s3cret',
    '/holdUrl.xml?token=s3cret.s3cretx',
    // What a caller writes counts only where the phone wrote nothing.
    '/holdUrl.xml?token=wrong&display_remote=x&token=s3cret.s3cret',
    '/s3cret.s3cret/holdUrl.xml',
  ])('refuses %s', async (target) => {
    const { hub, port, counts } = await receiver({ token });
    expect(await send(port, get(target))).toMatch(/^HTTP\/1\.1 403 /);
    expect(hub.since(0)).toEqual([]);
    expect(counts).toEqual({ unknown: 0, refused: 1 });
    expect(hub.refusedSince(0)).toMatchObject([{ refused: 'token' }]);
  });

  it('shows its token in no refusal', async () => {
    const { hub, port } = await receiver({ token });
    await send(port, get(`/token/${token}`));
    expect(hub.refusedSince(0)).toMatchObject([{ path: '/token/…' }]);
  });

  it('shows no token of another listener either', async () => {
    const { hub, port } = await receiver();
    await send(port, get('/holdUrl.xml?token=s3cret.s3cret&mac=1'));
    expect(hub.since(0)).toMatchObject([{ values: { mac: '1' } }]);
    expect(JSON.stringify(hub.since(0))).not.toContain('s3cret');
  });
});

describe('behind a proxy', () => {
  const forwarded = (by: string, from = '127.0.0.7') =>
    [
      `GET /holdUrl.xml HTTP/1.1\r\nHost: phones.example\r\nX-Forwarded-For: ${by}\r\nConnection: close\r\n\r\n`,
      from,
    ] as const;

  it.each([
    ['10.0.0.7', '10.0.0.7'],
    ['10.0.0.9, 10.0.0.7', '10.0.0.7'],
    ['10.0.0.7, 127.0.0.8', '10.0.0.7'],
    ['10.0.0.7:4711', '10.0.0.7'],
    ['[2001:db8::7]:4711', '2001:db8::7'],
    ['2001:db8::7', '2001:db8::7'],
    ['::ffff:10.0.0.7', '10.0.0.7'],
    ['fe80::7%eth0', 'fe80::7'],
    [`[fe80::7%${'a'.repeat(90)}]:4711`, 'fe80::7'],
    ['unknown', '127.0.0.7'],
    ['evil\u001b[2J', '127.0.0.7'],
    ['', '127.0.0.7'],
    ['10.0.0.7\r\nX-Forwarded-For: 10.0.0.8', '10.0.0.8'],
    [`10.0.0.7\r\n${'a:1\r\n'.repeat(190)}X-Forwarded-For: 10.0.0.8`, '10.0.0.8'],
  ])('that is trusted, %j comes from %s', async (by, source) => {
    const trustedProxies = ['127.0.0.7', '127.0.0.8/31', '2001:db8:1::/48'];
    const phones = [{ name: 'lobby', host: '10.0.0.7' }];
    const { hub, port } = await receiver({ trustedProxies, phones, url: 'http://phones.example' });
    const [text, from] = forwarded(by);
    expect(await send(port, text, from)).toContain('200 OK');
    expect(hub.since(0)).toMatchObject([{ source, phone: source === '10.0.0.7' ? 'lobby' : source }]);
  });

  it.each([200, 1500, 8000])(
    'that is trusted, nothing is believed that stands in %i headers',
    async (count) => {
      const pages = () => () => expect.unreachable();
      const { hub, port } = await receiver({
        trustedProxies: ['127.0.0.7'],
        url: 'http://phones.example',
        pages,
      });
      const many = 'a:\r\n'.repeat(count);
      const [text, from] = forwarded(`10.0.0.7\r\n${many}X-Forwarded-For: 10.0.0.8\r\nOrigin: null`);
      expect(await send(port, text, from)).toMatch(/^HTTP\/1\.1 414 /);
      expect(hub.since(0)).toEqual([]);
      expect(hub.refusedSince(0)).toMatchObject([{ refused: 'too-long', source: '' }]);
    },
  );

  it.each([
    ['cut-short', 'GET /terminated?call_id=7 HTTP/1.1\r\nX-Forwar'],
    ['not-http', 'GET /terminated HTTP/9.9\r\nX-Forwarded-For: 10.0.0.7\r\n\r\n'],
  ])('that is trusted, what is %s may be of every phone', async (refused, text) => {
    const { hub, port } = await receiver({ trustedProxies: ['127.0.0.7'] });
    const gaps = vi.fn();
    hub.onGap(gaps, ['lobby']);
    await send(port, text, '127.0.0.7', true);
    await vi.waitFor(() => expect(hub.refusedSince(0)).toMatchObject([{ refused, source: '' }]));
    expect(gaps).toHaveBeenCalledOnce();
    await send(port, text, '127.0.0.8', true);
    await vi.waitFor(() => expect(hub.refusedSince(0)).toHaveLength(2));
    expect(hub.refusedSince(0)).toMatchObject([{}, { refused, source: '127.0.0.8' }]);
    expect(gaps).toHaveBeenCalledOnce();
  });

  it('on this computer, no name is believed that anybody may make to resolve to it', async () => {
    const { hub, port } = await receiver({ trustedProxies: ['127.0.0.7'] });
    expect(await send(port, ...forwarded('10.0.0.7'))).toContain('403 Forbidden');
    expect(hub.refusedSince(0)).toMatchObject([{ refused: 'foreign-host' }]);
  });

  it('that is not trusted, nobody is believed', async () => {
    const { hub, port } = await receiver({ trustedProxies: ['127.0.0.8'], url: 'http://phones.example' });
    await send(port, ...forwarded('10.0.0.7'));
    const none = await receiver({ url: 'http://phones.example' });
    await send(none.port, ...forwarded('10.0.0.7'));
    expect([...hub.since(0), ...none.hub.since(0)]).toMatchObject([
      { source: '127.0.0.7' },
      { source: '127.0.0.7' },
    ]);
  });
});

describe('what was refused', () => {
  it('is told with sender and path, once for many that are alike', async () => {
    const { hub, port } = await receiver();
    const told: string[] = [];
    const stop = hub.onRefusal(({ path, refused }) => told.push(`${refused} ${path}`));
    await send(port, get('/api/incoming?remote=private'), '127.0.0.7');
    const mark = hub.mark();
    await send(port, get('/api/incoming'), '127.0.0.7');
    await send(port, get('/holdUrl.xml'));
    await send(port, 'POST /holdUrl.xml HTTP/1.0\r\n\r\n');
    stop();
    await send(port, get('/'));
    expect(told).toEqual([
      'unknown-event /api/incoming',
      'unknown-event /api/incoming',
      'method /holdUrl.xml',
    ]);
    expect(hub.refusedSince(0).map(({ path }) => path)).toEqual(['/api/incoming', '/holdUrl.xml', '/']);
    expect(hub.refusedSince(mark)).toHaveLength(3);
    expect(hub.refusedSince(hub.mark())).toEqual([]);
    expect(hub.count).toBe(1);
    expect(JSON.stringify(hub.refusedSince(0))).not.toContain('private');
  });

  it.each([
    ['what is no HTTP', 'not-http', '\0\x01\r\n\r\n', ''],
    ['a NUL', 'not-http', 'GET /holdUrl.xml\0 HTTP/1.0\r\n\r\n', '/holdUrl.xml\0'],
    ['a long URL', 'too-long', get(`/holdUrl.xml?remote=${'x'.repeat(9000)}`), '/holdUrl.xml'],
    [
      'many headers',
      'too-long',
      `GET /holdUrl.xml HTTP/1.0\r\n${'X: y\r\n'.repeat(100_000)}`,
      '/holdUrl.xml',
    ],
    ['a body', 'body', 'GET /holdUrl.xml HTTP/1.0\r\nContent-Length: 1\r\n\r\nx', '/holdUrl.xml'],
    ['a long path', 'unknown-event', get(`/${'x'.repeat(5000)}`), `/${'x'.repeat(199)}…`],
  ])('is told of %s, as %s', async (_, refused, text, path) => {
    const { hub, port } = await receiver();
    await send(port, text);
    expect(hub.refusedSince(0)).toMatchObject([{ refused, path }]);
  });

  it('as cut short, when the other side ends in the middle', async () => {
    const { hub, port } = await receiver();
    await send(port, 'GET /offHookUrl.xml HTTP/1.0\r\nHost', '127.0.0.1', true);
    expect(hub.refusedSince(0)).toMatchObject([{ refused: 'cut-short', path: '/offHookUrl.xml' }]);
    expect(hub.since(0)).toEqual([]);
  });

  it('is not who only looks whether the port is open, or goes away', async () => {
    const { hub, port, counts } = await receiver();
    await send(port, '', '127.0.0.1', true);
    await send(port, '\r\n', '127.0.0.1', true);
    expect(counts).toEqual({ unknown: 0, refused: 0 });
    expect(hub.refusedSince(0)).toEqual([]);
  });

  it('is told by whoever waited for an event meanwhile', async () => {
    const { hub, port } = await receiver();
    await send(port, get('/before'));
    const since = hub.mark();
    await send(port, get('/api/incoming'), '127.0.0.7');
    const waiting = hub.waitFor('incomingCall', { since, within: 20 });
    await expect(waiting).rejects.toMatchObject({
      message:
        'incomingCall was not reported within 20ms; nothing was reported at all; refused meanwhile: 127.0.0.7 asked for /api/incoming, which names no event',
      hint: expect.stringContaining('action-url lint'),
    });
    await expect(hub.waitFor('incomingCall', { within: 5 })).rejects.toThrow(/nothing was reported at all$/);
  });
});
