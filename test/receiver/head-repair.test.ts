import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeadRepair } from '../../src/receiver/head-repair.ts';
import { receiver, send } from './raw.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

/** What a parser is given of a stream that comes in pieces. */
function given(pieces: readonly string[]): string {
  const repair = new HeadRepair();
  return pieces.map((piece) => repair.push(bytes(piece)).toString('latin1')).join('');
}

describe('a head', () => {
  it.each([
    ['as phones send it', 'GET /holdUrl.xml?mac=80:82&ip=1 HTTP/1.0\r\n\r\n'],
    [
      'with headers',
      'GET /holdUrl.xml HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 1\r\nUser-Agent: A48 \xe4\r\n\r\n',
    ],
    ['two of them', 'GET /holdUrl.xml HTTP/1.1\r\n\r\nGET /muteUrl.xml HTTP/1.1\r\n\r\n'],
    ['of a length of nothing', 'GET /holdUrl.xml HTTP/1.1\r\nContent-Length: 0\r\n\r\n'],
    ['with a body', 'GET /hold Url.xml HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc'],
    [
      'with a body in a header of its own',
      'GET /a b HTTP/1.1\r\nContent-Length : 30\r\n\r\nGET /holdUrl.xml HTTP/1.1\r\n\r\n',
    ],
    ['with chunks', 'GET /hold HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na b\r\n0\r\n\r\n'],
    ['of another method', 'POST /hold it HTTP/1.1\r\n\r\nGET /a b HTTP/1.1\r\n\r\n'],
    ['with a NUL', 'GET /hold\0 HTTP/1.0\r\n\r\n'],
    ['with a carriage return', 'GET /hold?remote=a\rX: 1 HTTP/1.0\r\n\r\n'],
    ['of another version', 'GET /a b HTTP/2.0\r\n\r\n'],
    ['without a target', 'GET  HTTP/1.0\r\n\r\n'],
    ['of a name that is no method', 'GETTING /hold HTTP/1.0\r\n\r\n'],
    ['that is none', '\x16\x03\x01\x02\0\x01\0'],
    ['that never ends', `GET /hold?remote=${'x y'.repeat(20_000)}`],
    ['of a target that is too long', `GET /hold?remote=${'x y'.repeat(5000)} HTTP/1.0\r\n\r\n`],
  ])('%s is passed on as it is', (_, text) => {
    expect(given([text])).toBe(text);
    expect(given(text.match(/.{1,7}/gs) ?? [])).toBe(text);
  });

  it.each([
    ['a blank', 'GET /hold?n=John Doe HTTP/1.0\r\n\r\n', 'GET /hold?n=John%20Doe HTTP/1.0\r\n\r\n'],
    ['blanks', 'GET /hold?n=a  b c HTTP/1.1\r\n\r\n', 'GET /hold?n=a%20%20b%20c HTTP/1.1\r\n\r\n'],
    ['a tab', 'GET\t/hold?n=a\tb\tHTTP/1.1\r\n\r\n', 'GET /hold?n=a%09b HTTP/1.1\r\n\r\n'],
    [
      'bytes',
      'GET /hold?n=\xc3\xa0\xff\x7f\x1b HTTP/1.0\r\n\r\n',
      'GET /hold?n=%C3%A0%FF%7F%1B HTTP/1.0\r\n\r\n',
    ],
    ['a blank after the version', 'GET /hold HTTP/1.1 \r\n\r\n', 'GET /hold HTTP/1.1\r\n\r\n'],
    ['blanks around all', ' GET   /hold \t HTTP/1.1  \r\n\r\n', 'GET /hold HTTP/1.1\r\n\r\n'],
    ['small letters', 'get /hold http/1.0\r\n\r\n', 'GET /hold HTTP/1.0\r\n\r\n'],
    ['no version', 'GET /hold?n=a b\r\n\r\n', 'GET /hold?n=a%20b HTTP/1.0\r\n\r\n'],
    [
      'a version in a name',
      'GET /hold?n=HTTP/1.0 fan HTTP/1.1\r\n\r\n',
      'GET /hold?n=HTTP/1.0%20fan HTTP/1.1\r\n\r\n',
    ],
    [
      'line ends before it',
      '\r\n\n\r\nGET /hold?n=a b HTTP/1.0\r\n\r\n',
      'GET /hold?n=a%20b HTTP/1.0\r\n\r\n',
    ],
    ['line feeds only', 'GET /hold HTTP/1.0\nHost: x\n\n', 'GET /hold HTTP/1.0\r\nHost: x\r\n\r\n'],
    [
      'more carriage returns',
      'GET /hold HTTP/1.0\r\r\nHost: x\r\r\n\r\r\n',
      'GET /hold HTTP/1.0\r\nHost: x\r\n\r\n',
    ],
    ['no slash', 'GET holdUrl.xml?n=1 HTTP/1.0\r\n\r\n', 'GET /holdUrl.xml?n=1 HTTP/1.0\r\n\r\n'],
    [
      'a whole URL',
      'GET http://pbx/hold?n=a b HTTP/1.0\r\n\r\n',
      'GET http://pbx/hold?n=a%20b HTTP/1.0\r\n\r\n',
    ],
    [
      'a header that is none',
      'GET /hold HTTP/1.0\r\nNonsense\r\nHost: x\r\n\r\n',
      'GET /hold HTTP/1.0\r\nHost: x\r\n\r\n',
    ],
    ['a header without a name', 'GET /hold HTTP/1.0\r\n : z\r\nX y: z\r\n\r\n', 'GET /hold HTTP/1.0\r\n\r\n'],
    ['a header that folds', 'GET /hold HTTP/1.0\r\nX: a\r\n b\r\n\r\n', 'GET /hold HTTP/1.0\r\nX: a\r\n\r\n'],
    [
      'a wish for another protocol',
      'GET /hold HTTP/1.1\r\nConnection: Upgrade\r\nUPGRADE: h2c\r\n\r\n',
      'GET /hold HTTP/1.1\r\nConnection: Upgrade\r\n\r\n',
    ],
    [
      'a blank before a colon',
      'GET /board HTTP/1.1\r\nX-Forwarded-For : 10.0.0.9\r\nUpgrade : x\r\n\r\n',
      'GET /board HTTP/1.1\r\nX-Forwarded-For: 10.0.0.9\r\n\r\n',
    ],
    ['a header with a NUL', 'GET /hold HTTP/1.0\r\nX: \0\r\n\r\n', 'GET /hold HTTP/1.0\r\nX: ?\r\n\r\n'],
    [
      'what somebody wrote before the address that a proxy adds',
      'GET /board HTTP/1.1\r\nX-Forwarded-For: \x01\r\x7f, 10.0.0.9\r\n\r\n',
      'GET /board HTTP/1.1\r\nX-Forwarded-For: ???, 10.0.0.9\r\n\r\n',
    ],
  ])('with %s is repaired, in whatever pieces it comes', (_, text, repaired) => {
    expect(given([text])).toBe(repaired);
    for (let end = 1; end < text.length; end += 1) {
      expect(given([text.slice(0, end), text.slice(end)])).toBe(repaired);
      // Then nobody is waited for.
      const repair = new HeadRepair();
      for (const piece of [text.slice(0, end), text.slice(end)]) repair.push(bytes(piece));
      expect(repair.held).toBe('');
    }
  });

  it('is not looked at again from its begin with every byte', () => {
    const repair = new HeadRepair();
    repair.push(bytes('GET /'));
    for (let byte = 0; byte < 30_000; byte += 1) repair.push(bytes('x'));
    expect(repair.push(bytes('x'.repeat(5000))).length).toBeGreaterThan(30_000);
  });

  it('lets the time for it run from its first word on', () => {
    const repair = new HeadRepair();
    expect(repair.push(bytes('\r\nGE')).toString()).toBe('');
    expect(repair.push(bytes('T ')).toString()).toBe('GET ');
    expect(repair.held).toBe('GET ');
    expect(repair.push(bytes('/a b HTTP/1.0\r\n\r\n')).toString()).toBe('/a%20b HTTP/1.0\r\n\r\n');
    expect(repair.held).toBe('');
  });
});

/** Whether a request ends its connection depends on whether another one is there already. */
const likeOne = (text: string) =>
  text.replace(/ HTTP\/1\.0\r/g, ' HTTP/1.1\r').replace(/\r\nConnection:[^\r]*/g, '');

/** Requests that keep their connection, and the event and the name that each of them reports. */
const KEEP: readonly (readonly [request: string, event: string])[] = [
  ['GET /offHookUrl.xml?mac=80:82 HTTP/1.1\r\nHost: localhost\r\n\r\n', 'offHook'],
  ['GET /incomingCallUrl.xml?display_remote=John Doe HTTP/1.1\r\n\r\n', 'incomingCall John Doe'],
  [
    'GET /incomingCallUrl.xml?display_remote=Zo\xc3\xab\xa0 HTTP/1.1 \r\n\r\n',
    'incomingCall Zo\u00c3\u00ab\u00a0',
  ],
  ['GET /holdUrl.xml http/1.1\r\n\r\n', 'hold'],
  ['\r\n\r\nGET /unHoldUrl.xml?display_remote=a  b HTTP/1.1\r\n\r\n', 'unHold a  b'],
  ['GET /muteUrl.xml HTTP/1.1\r\nNonsense\r\nHost: localhost\r\n\r\n', 'mute'],
  ['GET /unMuteUrl.xml HTTP/1.0\nConnection: keep-alive\n\n', 'unMute'],
  ['get  /headset\tHTTP/1.1\r\nX: a\r\n b\r\n\r\n', 'headset'],
  ['GET /autopFinishUrl.xml HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n', 'autopFinish'],
  ['GET /registeredUrl.xml HTTP/1.1\r\nExpect: whatever\r\n\r\n', 'registered'],
  ['GET /nothing?display_remote=a b HTTP/1.1\r\n\r\n', ''],
  ['GET /handfreeUrl.xml?display_remote=\x1b[2J HTTP/1.1\r\nContent-Length: 0\r\n\r\n', 'handfree \x1b[2J'],
];

const END: readonly (readonly [request: string, event: string])[] = [
  ['GET /onHookUrl.xml?display_remote=the last HTTP/1.0\r\n\r\n', 'onHook the last'],
  ['GET /onHookUrl.xml HTTP/1.1\r\nConnection: close\r\n\r\n', 'onHook'],
];

const stream = fc
  .tuple(fc.array(fc.constantFrom(...KEEP), { maxLength: 5 }), fc.constantFrom(...END))
  .map(([requests, last]) => [...requests, last])
  .map((all) => ({
    text: all.map(([text]) => text).join(''),
    events: all.map(([, event]) => event).filter((event) => event !== ''),
  }));

describe('a stream of requests, valid and odd,', () => {
  it('comes to the same wherever it is cut', () => {
    fc.assert(
      fc.property(stream, ({ text }) => {
        const whole = given([text]);
        expect(given([...text])).toBe(whole);
        for (let at = 1; at < text.length; at += 1)
          expect(given([text.slice(0, at), text.slice(at)])).toBe(whole);
      }),
      { numRuns: 30 },
    );
  });

  it('comes to the same however many requests are broken', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...KEEP.map(([text]) => text),
        'GET ',
        ' HTTP/1.1',
        '\r\n',
        '\n',
        '\r',
        ' ',
        'POST / HTTP/1.1\r\n\r\n',
      ),
      fc.constantFrom('Content-Length: 5\r\n\r\n', 'X: y\r\n', '\0', '/holdUrl.xml'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.array(fc.nat({ max: 400 })), (pieces, cuts) => {
        const text = pieces.join('');
        const ends = [...new Set(cuts.filter((cut) => cut < text.length)), text.length].sort((a, b) => a - b);
        const parts = ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
        expect(likeOne(given(parts))).toBe(likeOne(given([text])));
      }),
      { numRuns: 2000 },
    );
  });

  it('reports each of them once, in their order, wherever it is cut', async () => {
    const started = await receiver();
    await fc.assert(
      fc.asyncProperty(
        stream,
        fc.array(fc.nat({ max: 600 }), { maxLength: 4 }),
        async ({ text, events }, cuts) => {
          const mark = started.hub.mark();
          await sendCut(started.port, text, cuts);
          const came = started.hub.since(mark).map(({ event, values }) => [event, values['display_remote']]);
          expect(came.map((words) => words.filter(Boolean).join(' '))).toEqual(events);
        },
      ),
      { numRuns: 200 },
    );
    expect(started.counts.refused).toBe(0);
  });

  it('reports them when each byte comes for itself', async () => {
    const { hub, port, counts } = await receiver();
    const text = KEEP.map(([request]) => request).join('') + END[0]?.[0];
    await sendCut(port, text, [...text].keys());
    const events = [...KEEP, END[0] ?? ['', '']].map(([, event]) => event.split(' ')[0]).filter(Boolean);
    expect(hub.since(0).map(({ event }) => event)).toEqual(events);
    expect(counts).toEqual({ unknown: 1, refused: 0 });
  });

  it.each([
    ['HTTP/1.0', 'GET /offHookUrl.xml HTTP/1.0\r\n\r\n'],
    ['Connection: close', 'GET /offHookUrl.xml HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'],
    ['a close of its own case', 'GET /offHookUrl.xml HTTP/1.0\r\nCONNECTION:Close\r\n\r\n'],
    ['a blank', 'GET /offHookUrl.xml?display_remote=a b HTTP/1.0\r\n\r\n'],
  ])('goes on in one packet after %s, and ends with the last', async (_, first) => {
    const { hub, port } = await receiver();
    const answers = await send(
      port,
      `${first}\r\nGET /incomingCallUrl.xml?display_remote=a b HTTP/1.0\r\n\r\n\r\n`,
    );
    expect(hub.since(0).map(({ event }) => event)).toEqual(['offHook', 'incomingCall']);
    expect(answers.split(' 200 OK')).toHaveLength(3);
  });

  it('is answered once for each', async () => {
    const { port } = await receiver();
    const text = KEEP.map(([request]) => request).join('') + END[0]?.[0];
    const answers = (await send(port, text)).split('HTTP/1.1 ').slice(1);
    expect(answers.map((answer) => answer.slice(0, 3))).toEqual(
      [...KEEP, END[0]].map((row) => (row?.[1] === '' ? '404' : '200')),
    );
  });
});

it('requests over https are repaired too', async () => {
  const fixture = (name: string) =>
    readFileSync(new URL(`../support/certificates/${name}`, import.meta.url), 'utf8');
  const { hub, port } = await receiver({ tls: { key: fixture('phone.key'), cert: fixture('phone.crt') } });
  const { connect: connectTls } = await import('node:tls');
  await new Promise<void>((resolve, reject) => {
    const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false }, () =>
      socket.write('GET /holdUrl.xml?display_remote=a b HTTP/1.0\r\n\r\n'),
    );
    socket
      .resume()
      .on('error', reject)
      .on('close', () => resolve());
  });
  expect(hub.since(0)).toMatchObject([{ event: 'hold', values: { display_remote: 'a b' } }]);
});

/** Sends bytes in pieces, each as soon as the one before is on its way; settles when the other side has closed. */
function sendCut(port: number, text: string, cuts: Iterable<number>): Promise<void> {
  const ends = [...new Set([...cuts].filter((cut) => cut > 0 && cut < text.length)), text.length];
  ends.sort((a, b) => a - b);
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }).setNoDelay().resume();
    socket.on('error', reject).on('close', () => resolve());
    const next = (from: number) => {
      const end = ends.find((one) => one > from);
      if (end === undefined) return;
      socket.write(bytes(text.slice(from, end)), () => setImmediate(next, end));
    };
    next(0);
  });
}
