import fc from 'fast-check';
import { expect, it } from 'vitest';
import { firstMessage } from '../../../src/simulator/sip/framing.ts';
import { readHead } from '../../../src/simulator/sip/message.ts';
import { replyTo } from '../../../src/simulator/sip/reply.ts';

const START = 'OPTIONS sip:6001@pbx SIP/2.0\r\n';
const text = (...headers: readonly string[]) => `${START}${headers.join('\r\n')}\r\n\r\n`;
/** What is kept of a stream until the rest of its message comes. */
const kept = (rest: string) => ({ message: undefined, rest: Buffer.from(rest) });
const framed = (stream: string) => firstMessage(Buffer.from(stream));

it.each([
  ['Content-Length: 3'],
  ['l : 3'],
  ['CONTENT-LENGTH:003 '],
  ['Content-Length:\r\n 3'],
  ['Content-Length: 3', 'l: 3'],
  ['Subject: x\nContent-Length: 9', 'Subject: x\rl: 9', 'l: 3'],
])('ends a message where %j says', (...headers) => {
  const stream = `\r\n\r\n${text(...headers)}abcNEXT`;
  expect(framed(stream)).toEqual({ message: `${text(...headers)}abc`, rest: Buffer.from('NEXT') });
  expect(framed(stream.slice(0, -5))).toEqual(kept(`${text(...headers)}ab`));
});

it.each([
  ['\r\n'.repeat(50_000), ''],
  ['\r', ''],
  [`\r\n\r\n${START}`, START],
])('keeps no line breaks before a message', (stream, rest) => {
  expect(framed(stream)).toEqual(kept(rest));
});

it('counts bytes, not characters', () => {
  expect(framed(`${text('Content-Length: 3')}éé`)).toMatchObject({ rest: Buffer.from('é').subarray(1) });
});

it('takes a message without a length for one without a body', () => {
  expect(framed(`${text('Call-ID: a')}NEXT`)).toMatchObject({ message: text('Call-ID: a') });
});

it.each([
  ...['-1', '-1000000', '1e9', '0x10', 'Infinity', 'NaN', '', '3, 3', '3;', '99999999999999999999', '65536'],
])('cannot read a stream with a length of %j', (length) => {
  expect(framed(`${text(`Content-Length: ${length}`)}abc`)).toBe('broken');
});

it('cannot read a stream with two lengths', () => {
  expect(framed(`${text('Content-Length: 0', 'l: 3')}abc`)).toBe('broken');
});

it.each([
  ['without an end', `${START}X: ${'x'.repeat(40_000)}`],
  ['of lines without an end', `${START}${'X: y\r\n'.repeat(8000)}`],
  ['that ends', text(`X: ${'x'.repeat(40_000)}`)],
])('bears no head of 40 KB %s', (_, stream) => {
  expect(framed(stream)).toBe('broken');
});

it('always gets on: what is framed is shorter than before, and nothing is lost', () => {
  const line = fc.oneof(
    fc.constantFrom('\r\n', '\r\n\r\n', 'Content-Length: ', 'l:', '-', '5', ' ', START),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (parts) => {
      const data = Buffer.from(parts.join(''));
      const first = firstMessage(data);
      if (first === 'broken' || first.message === undefined) return;
      expect(first.rest.length).toBeLessThan(data.length);
      expect(data.subarray(data.length - first.rest.length)).toEqual(first.rest);
    }),
  );
});

it('reads headers that go on in the next line, and answers them whole', () => {
  const request = text(
    'Via: SIP/2.0/UDP 127.0.0.1\r\n ;branch=z9hG4bKa',
    'To: <sip:6001@pbx>\r\n\t;tag=b',
    'Call-ID:\r\n c',
    'CSeq: 1\r\n  OPTIONS',
  );
  expect(readHead(request)).toMatchObject({
    branch: 'z9hG4bKa',
    callId: 'c',
    method: 'OPTIONS',
    inDialog: true,
  });
  expect(replyTo(request, '200 OK')).toContain('Via: SIP/2.0/UDP 127.0.0.1 ;branch=z9hG4bKa\r\n');
});
