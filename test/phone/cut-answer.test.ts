import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { Phone } from '../../src/phone/index.ts';
import type { ApprovalSettings } from '../../src/protocol/reply.ts';

/** A phone that sends this and closes. */
async function answering(
  response: string | Buffer,
  approval: ApprovalSettings | undefined,
  end: 'close' | 'reset' | 'silence' = 'close',
) {
  let asked = 0;
  const server = createServer((socket: Socket) => {
    socket
      .on('error', () => undefined)
      .once('data', () => {
        asked += 1;
        if (end === 'close') socket.end(response);
        else socket.write(response, () => end === 'reset' && setTimeout(() => socket.resetAndDestroy(), 50));
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const phone = new Phone({
    host: `127.0.0.1:${port}`,
    timeout: 300,
    ...(approval === undefined ? {} : { approval }),
  });
  return { report: await phone.press(['MUTE'], { waitApproval: 2_000 }), asked: () => asked };
}

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-length: 21\r\n';
const BODY = { body: 'Allow Remote' };

it.each<[string, string, ApprovalSettings | undefined, string]>([
  ['that is cut, where its text says whether the phone asks', `${HEAD}\r\nAllow Rem`, BODY, 'unknown'],
  ['whose head is cut, likewise', HEAD, BODY, 'unknown'],
  ['that is whole', 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndone', BODY, 'ok'],
  ['that is cut, where the status alone says it', `${HEAD}\r\nAllow Rem`, undefined, 'ok'],
])('an answer %s', async (_, response, approval, outcome) => {
  const { report, asked } = await answering(response, approval);
  expect(report.outcome).toBe(outcome);
  expect(asked()).toBe(1);
});

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n8\r\n<html>Al`;

it.each<[string, string | Buffer, 'close' | 'reset' | 'silence']>([
  ['chunked, closed', CHUNKED, 'close'],
  ['chunked, reset', CHUNKED, 'reset'],
  ['chunked, silent', CHUNKED, 'silence'],
  ['without a length, reset', `${OK}\r\n<html>Al`, 'reset'],
  ['without a length, silent', `${OK}\r\n<html>Al`, 'silence'],
  ['in the head, reset', `${OK}Server: x`, 'reset'],
  ['in the head, silent', `${OK}Server: x`, 'silence'],
  ['in the head, with LF line ends', 'HTTP/1.0 200 OK\nServer: x', 'close'],
  ['with two lengths', `${OK}Content-Length: 8\r\nContent-Length: 50\r\n\r\n<html>Al`, 'close'],
  ['before a text after 64 KiB', `${OK}\r\n${'x'.repeat(65_536)}Allow Remote`, 'close'],
  ['by gzip', `${OK}Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd`, 'close'],
  ['by UTF-16', `${OK}Content-Type: text/html; charset=UTF-16LE\r\nContent-Length: 2\r\n\r\nA\0`, 'close'],
])('an answer whose text decides, and cannot be read: %s', async (_, response, end) => {
  const { report, asked } = await answering(response, BODY, end);
  expect(report.outcome).toBe('unknown');
  expect(asked()).toBe(1);
});

const LF = 'HTTP/1.0 200 OK\nContent-Type: text/html\n';

it.each([
  ['line ends that are only LF', `${LF}\n<html>Al`],
  ['an odd header', `${OK}nonsense\r\n\r\n<html>Al`],
  ['a length that is no number', `${OK}Content-Length: -1\r\n\r\n<html>Al`],
  ['an empty length', `${OK}Content-Length:\r\n\r\n<html>Al`],
  ['a bad chunk', `${CHUNKED}zz\r\n`],
  ['UCS-2', `${OK}Content-Type: text/html; charset=ucs-2\r\nContent-Length: 2\r\n\r\nA `],
  ['quotes around UTF-16', `${OK}Content-Type: text/html; charset='utf-16be'\r\nContent-Length: 2\r\n\r\nA `],
  ['UTF-16 that is not named', `${OK}Content-Length: 2\r\n\r\nA\0`],
  [
    'two types',
    `${OK}Content-Type: text/html\r\nContent-Type: a; charset=utf-16\r\nContent-Length: 1\r\n\r\nA`,
  ],
  [
    'two encodings',
    `${OK}Content-Encoding: identity\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nA`,
  ],
  ['a length and chunks', `${OK}Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n`],
])('nor is one with %s', async (_, response) => {
  expect((await answering(response, BODY)).report.outcome).toBe('unknown');
});

it.each([
  ['LF line ends, and its length', `${LF}Content-Length: 4\n\ndone`],
  ['no length', 'HTTP/1.0 200 OK\r\n\r\ndone'],
  ['UTF-8', `${OK}Content-Type: text/html; charset="UTF-8"\r\nContent-Length: 4\r\n\r\ndone`],
])('an answer whose text decides is whole with %s', async (_, response) => {
  expect((await answering(response, BODY)).report.outcome).toBe('ok');
});

const typed = (charset: string, body: Buffer) =>
  Buffer.concat([
    Buffer.from(`${OK}Content-Type: text/html${charset}\r\nContent-Length: ${body.length}\r\n\r\n`),
    body,
  ]);
const latin1 = Buffer.from('Fernsteuerung f\u00fcr 1?', 'latin1');
// "Разрешить", and "允许" in GBK.
const cyrillic = Buffer.from('d0e0e7f0e5f8e8f2fc', 'hex');
const chinese = Buffer.from('d4cad0ed', 'hex');

it.each<[what: string, answer: Buffer, question: string, outcome: string]>([
  ['in windows-1251', typed('; charset=windows-1251', cyrillic), 'Разрешить', 'approval'],
  ['in GBK', typed('; charset=GBK', chinese), '允许', 'approval'],
  ['in ISO 8859-1', typed('; charset=iso-8859-1', latin1), 'für', 'approval'],
  ['in Latin-1', typed('; charset=Latin-1', latin1), 'für', 'approval'],
  ['in UTF-8', typed('', Buffer.from('für')), 'für', 'approval'],
  ['another one, in ISO 8859-1', typed('; charset=iso-8859-1', latin1), 'fürs', 'ok'],
  ['of no charset', typed('', latin1), 'für', 'unknown'],
  ['of no charset, for ASCII', typed('', latin1), 'Allow', 'ok'],
  ['that is no ASCII', typed('; charset=us-ascii', latin1), 'für', 'unknown'],
  ['in a charset that nobody knows', typed('; charset=x-own', cyrillic), 'Разрешить', 'unknown'],
])('a text %s', async (_, answer, question, outcome) => {
  const { report } = await answering(answer, { body: question });
  expect(report.outcome).toBe(outcome);
});
