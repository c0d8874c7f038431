import fc from 'fast-check';
import { Grammar, type URI } from 'sip.js';
import { OutgoingRequestMessage } from 'sip.js/lib/core/index.js';
import { Parser } from 'sip.js/lib/core/messages/parser.js';
import { expect, it } from 'vitest';
import { deliver, isBearable, outgoing, readHead } from '../../../src/simulator/sip/message.ts';

const FIRST = 'SIP/2.0 200 OK';
const HEADERS = [
  'Via: SIP/2.0/UDP x;branch=a',
  'From: <sip:6001@pbx>;tag=6',
  'To: <sip:9@pbx>;tag=9',
  'Call-ID: c',
  'CSeq: 1 BYE',
];
const messageOf = (...lines: readonly string[]) => `${lines.join('\r\n')}\r\n\r\n`;

/** A message as sip.js reads it; undefined where it cannot. */
function readBySipjs(message: string) {
  const logger = { warn: () => undefined, error: () => undefined } as never;
  let read: ReturnType<typeof Parser.parseMessage>;
  deliver(message, (text) => {
    read = Parser.parseMessage(text, logger);
  });
  return read;
}

function expectOneReading(message: string) {
  const read = readBySipjs(message);
  if (read?.callId === undefined || read.method === undefined) return;
  const { branch, callId, method } = readHead(message);
  expect({ branch, callId, method }).toEqual({
    branch: read.viaBranch ?? '',
    callId: read.callId,
    method: read.method,
  });
}

it.each([
  ...['\n', '\r', '\r\r\n ', '\u2028', '\u2029', '\v', '\f', '\0', '\x1b', '\x7f', '\x85'].map((end) => [
    `Subject: x${end}Via: SIP/2.0/UDP x;branch=b`,
  ]),
  ...['\v', '\f', '\xa0', '\ufeff', '\u2028', '\r\n '].map((blank) => [
    `Via${blank}: SIP/2.0/UDP x;branch=b`,
  ]),
  ['\xa0Via: SIP/2.0/UDP x;branch=b'],
  [': SIP/2.0/UDP x;branch=b'],
  ['Via\r\nSubject: x'],
  ['Via of x: SIP/2.0/UDP x;branch=b'],
  ['V\xefa: SIP/2.0/UDP x;branch=b'],
  ['t: <sip:9@pbx>'],
  ['i: d'],
  ['CSeq: 1 INVITE'],
])('bears no message with %j, in which sip.js would read something else', (line) => {
  expect(isBearable(messageOf(FIRST, ...HEADERS, line))).toBe(false);
});

it.each([
  [
    'a first header that is folded',
    messageOf(FIRST, ...HEADERS.map((line, at) => (at === 0 ? ` ${line}` : line))),
  ],
  ['a first line that goes on', messageOf(`${FIRST}\nVia: SIP/2.0/UDP x;branch=b`, ...HEADERS)],
  ['a branch in the next line', messageOf(FIRST, ...HEADERS).replace('branch=', 'branch=\r\n ')],
  ['lines that end with LF', messageOf(FIRST, ...HEADERS).replaceAll('\r\n', '\n')],
  ['no end', messageOf(FIRST, ...HEADERS).slice(0, -2)],
  ['nothing but an end', '\r\n\r\n'],
])('bears no message with %s', (_, message) => {
  expect(isBearable(message)).toBe(false);
});

it.each([
  ['Subject : x'],
  ['Subject\t:'],
  ['Subject:\r\n\tx\r\n  '],
  ["!#$%&'*+-.09AZ^_`az|~: x"],
  ['Subject: \u00a0\u{1F4DE} "ü"'],
  ['Contact: <sip:9@[2001:db8::1]:5060;x=y>;q=0.5', 'm: <sip:9@pbx>'],
  ['Record-Route: <sip:127.0.0.1;lr=on;ftag=a>,<sip:127.0.0.2;lr>'],
  ['l: 0', 'Content-Length: 0'],
])('bears %j, and reads it as sip.js does', (...lines) => {
  const message = messageOf(FIRST, ...HEADERS, ...lines);
  expect(isBearable(message)).toBe(true);
  expect(readBySipjs(message)).toMatchObject({ viaBranch: 'a' });
  expectOneReading(message);
});

it.each([
  ['Via: SIP/2.0/UDP x;branch=a, SIP/2.0/UDP y;branch=b'],
  ['v: SIP/2.0/UDP x;branch=a\r\n ,SIP/2.0/UDP y;branch=b, SIP/2.0/UDP z;branch=c'],
])('reads the first of several Vias in one header: %j', (via) => {
  const message = messageOf('BYE sip:6001@pbx SIP/2.0', via, ...HEADERS.slice(1));
  expect(isBearable(message)).toBe(true);
  expect(readBySipjs(message)).toMatchObject({ viaBranch: 'a' });
});

it('reads each header on one line', () => {
  const read = readBySipjs(messageOf(FIRST, ...HEADERS, 'Subject: x\r\n\tVia: y\r\n  z'));
  expect(read?.getHeader('subject')).toBe('x Via: y z');
});

const uri = Grammar.URIParse('sip:9@pbx') as URI;

it.each([
  ['a', 'a'],
  ['a\t"b" ü', 'a\t"b" ü'],
  ['a\r\nX: y', undefined],
  ['a\r\n\r\nX: y', undefined],
  ['a\nX: y', undefined],
  ['a\rX: y', undefined],
  ['a\0', undefined],
  ['a\x1b[1m', undefined],
])('lets a request leave that has %j in a header as %j', (value, sent) => {
  const text = (change: (message: OutgoingRequestMessage) => void) => {
    const message = new OutgoingRequestMessage('INVITE', uri, uri, uri, {}, [`Replaces: ${value}`]);
    change(message);
    const plain = message.toString();
    return () => outgoing({ onMessage: () => undefined }, readHead(plain), plain);
  };
  const added = text(() => undefined);
  const set = text((message) => {
    message.extraHeaders = [];
    message.setHeader('replaces', value);
  });
  for (const write of [added, set]) {
    if (sent === undefined) expect(write).toThrow('control characters');
    else expect(write()).toMatch(new RegExp(`^replaces: ${sent}$`, 'im'));
  }
});

it('lets no answer leave with control characters, wherever they come from', () => {
  const gate = { onMessage: () => undefined, send: () => messageOf(FIRST, ...HEADERS, 'Contact: \x1b') };
  expect(() => outgoing(gate, readHead(FIRST), messageOf(FIRST))).toThrow('control characters');
});

it('takes no header for another that has - for its _', () => {
  const message = messageOf(FIRST, ...HEADERS, 'Proxy_Authenticate: Digest realm="x"', 'X: a_b');
  expect(isBearable(message)).toBe(true);
  const read = readBySipjs(message);
  expect([read?.getHeader('proxy-authenticate'), read?.getHeader('x')]).toEqual([undefined, 'a_b']);
});

it('reads whatever it bears as sip.js does', () => {
  const first = fc.constantFrom(FIRST, 'BYE sip:6001@pbx SIP/2.0');
  const more = fc.constantFrom(
    'Subject: x',
    'v: SIP/2.0/UDP y;branch=b',
    'Subject: x\nVia: SIP/2.0/UDP y;branch=b',
    'SIP/2.0/UDP y;branch=b',
    'i: d',
    'Call_ID: d',
    'CSeq: 2 OPTIONS',
  );
  const odd = fc.constantFrom(
    ...['', ' ', '\t', '\r', '\n', '\r\n', '\r\n ', '\0', '\v', '\f', '\xa0', '\u2028', '\u2029', '\ufeff'],
    ...[':', ',', ';', '"', '=', ';branch=', '_', 'x'],
  );
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      first,
      fc.array(fc.tuple(fc.nat(HEADERS.length), more), { maxLength: 2 }),
      fc.array(fc.tuple(place, odd), { maxLength: 3 }),
      (line, added, odds) => {
        const headers = added.reduce((all, [at, one]) => all.toSpliced(at, 0, one), HEADERS);
        const message = odds.reduce(
          (text, [at, one]) => {
            const index = Math.floor(at * text.length);
            return text.slice(0, index) + one + text.slice(index);
          },
          messageOf(line, ...headers),
        );
        if (isBearable(message)) expectOneReading(message);
      },
    ),
    { numRuns: 3000 },
  );
});
