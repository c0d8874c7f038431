import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Phone } from '../../src/phone/index.ts';
import type { Outcome } from '../../src/protocol/outcomes.ts';
import { rawServer } from '../support/raw-server.ts';

/** What old firmware answers, or worse, and what is known then. */
const ANSWERS: readonly (readonly [what: string, answer: string | Buffer, outcome: Outcome])[] = [
  ['HTTP/1.0 without Content-Length', 'HTTP/1.0 200 OK\r\n\r\ndone', 'ok'],
  ['HTTP/1.0 with nothing after the head', 'HTTP/1.0 200 OK\r\n\r\n', 'ok'],
  ['no reason phrase', 'HTTP/1.1 200\r\n\r\n', 'ok'],
  ['LF line ends', 'HTTP/1.0 200 OK\nContent-Type: text/html\n\ndone', 'ok'],
  ['a header without a colon', 'HTTP/1.1 200 OK\r\nnonsense\r\n\r\ndone', 'ok'],
  ['a header with a blank before the colon', 'HTTP/1.1 200 OK\r\nServer : x\r\n\r\n', 'ok'],
  ['a header with control characters', 'HTTP/1.1 200 OK\r\nServer: \u0001\u0000\r\n\r\n', 'ok'],
  ['a doubled Content-Length', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc', 'ok'],
  ['a Content-Length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: much\r\n\r\nabc', 'ok'],
  ['a body cut short', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc', 'ok'],
  ['a chunked body cut short', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab', 'ok'],
  [
    'extra bytes after the body',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabHTTP/1.1 500 No\r\n\r\n',
    'ok',
  ],
  ['a head cut short', 'HTTP/1.1 200 OK\r\nServer: x', 'ok'],
  ['a lower-case version', 'http/1.0 200 OK\r\n\r\n', 'ok'],
  ['an interim answer first', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n', 'ok'],
  ['a head of 60 KiB', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(60 * 1024)}\r\n\r\n`, 'ok'],
  ['only an interim answer', 'HTTP/1.1 100 Continue\r\n\r\n', 'unknown'],
  ['nothing at all', '', 'unknown'],
  ['half a status line', 'HTTP/1.1 20', 'unknown'],
  ['a status line without its end', 'HTTP/1.1 200 OK', 'unknown'],
  ['garbage', Buffer.from([0, 255, 13, 10, 200, 7, 13, 10]), 'unknown'],
  ['HTTP/0.9', '<html>200 OK</html>\r\n', 'unknown'],
  ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n', 'unknown'],
  ['a redirect elsewhere', 'HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n', 'refused'],
  ['201', 'HTTP/1.1 201 Created\r\n\r\n', 'refused'],
  ['404 with LF line ends', 'HTTP/1.0 404 Not Found\n\n', 'refused'],
  ['500', 'HTTP/1.1 500 Oops\r\n\r\n', 'refused'],
  ['403', 'HTTP/1.1 403 Forbidden\r\n\r\n', 'approval'],
  ['401', 'HTTP/1.1 401 Unauthorized\r\n\r\n', 'unauthorized'],
];

/** Undici ends these connections at the first wrong byte, so that only an answer in one piece is seen whole. */
const WHOLE_ONLY = new Set(['a lower-case version', 'an interim answer first']);

describe('an answer', () => {
  it.each(ANSWERS)('%s', async (_, answer, outcome) => {
    const server = await rawServer((socket) => socket.end(answer));
    const report = await new Phone({ host: server.host }).press(['HOLD']);
    expect(report.outcome).toBe(outcome);
    expect(server.connections).toBe(1);
    expect(server.received[0]).toMatch(/^GET \/cgi-bin\/server\.cgi\?key=HOLD HTTP\/1\.1\r\n/);
  });

  it.each(ANSWERS.filter(([what]) => !WHOLE_ONLY.has(what)))(
    '%s, byte by byte',
    async (_, answer, outcome) => {
      const server = await rawServer((socket) => drip(socket, Buffer.from(answer.slice(0, 600))));
      const report = await new Phone({ host: server.host }).press(['HOLD']);
      expect(report.outcome).toBe(answer.length > 600 ? 'ok' : outcome);
      expect(server.connections).toBe(1);
    },
  );
});

/** Each byte in a write of its own. */
function drip(socket: Socket, bytes: Buffer): void {
  const [first, rest] = [bytes.subarray(0, 1), bytes.subarray(1)];
  if (first.length === 0 || socket.destroyed) socket.end();
  else socket.write(first, () => setImmediate(drip, socket, rest));
}
