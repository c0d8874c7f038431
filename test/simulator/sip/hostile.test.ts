import { createSocket } from 'node:dgram';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { answerTo, readSdp } from '../../../src/simulator/sip/media/sdp.ts';
import { hopOf, readHead } from '../../../src/simulator/sip/message.ts';
import { sipRegistrar } from '../../support/sip-registrar.ts';
import { sipPhones } from './phones.ts';

/** Sends datagrams to a phone and gives the first lines of its answers. */
async function stranger(to: number) {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const answers: string[] = [];
  let tell: () => void = () => undefined;
  socket.on('message', (data) => {
    answers.push(data.toString().split('\r\n')[0] ?? '');
    tell();
  });
  onTestFinished(() => new Promise<void>((resolve) => socket.close(() => resolve())));
  return {
    port: socket.address().port,
    send: (text: string) => socket.send(text, to, '127.0.0.1'),
    answer: (pattern: RegExp) =>
      new Promise<void>((resolve) => {
        const look = () => answers.some((line) => pattern.test(line)) && resolve();
        tell = look;
        look();
      }),
  };
}

function request(method: string, from: number, id: string, extra: readonly string[] = [], body = '') {
  return [
    `${method} sip:6001@127.0.0.1 SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${from};branch=z9hG4bK${id};rport`,
    'Max-Forwards: 70',
    `From: <sip:9@127.0.0.1>;tag=${id}`,
    'To: <sip:6001@127.0.0.1>',
    `Call-ID: ${id}@stranger`,
    `CSeq: 1 ${method}`,
    `Contact: <sip:9@127.0.0.1:${from}>`,
    ...extra,
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

it('reads anything as a message, an address and a session, and never throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 300 })), (text) => {
      readHead(text);
      readHead(`SIP/2.0 ${text}\r\nVia: ${text}\r\nCSeq: ${text}\r\n\r\n${text}`);
      hopOf(text);
      readSdp(`v=0\r\nc=IN IP4 ${text}\r\nm=audio ${text}\r\na=${text}`);
    }),
  );
});

it.each([
  ['sendrecv', false, 'sendrecv'],
  ['sendrecv', true, 'sendonly'],
  ['sendonly', false, 'recvonly'],
  ['sendonly', true, 'inactive'],
  ['recvonly', false, 'sendonly'],
  ['inactive', false, 'inactive'],
] as const)('answers %s, held %s, with %s', (offer, held, answer) => {
  expect(answerTo(offer, held)).toBe(answer);
});

it('takes 0.0.0.0 for a hold, and a huge session for none', () => {
  const sdp = (address: string) => `v=0\r\nc=IN IP4 ${address}\r\nm=audio 4000 RTP/AVP 8\r\n`;
  expect(readSdp(sdp('0.0.0.0'))?.direction).toBe('sendonly');
  expect(readSdp(sdp('127.0.0.1'))?.direction).toBe('sendrecv');
  expect(readSdp(`${sdp('127.0.0.1')}${'a=x\r\n'.repeat(10_000)}`)).toBeUndefined();
});

it('refuses what it cannot do, answers OPTIONS, and goes on calling', async () => {
  const { host, contacts } = await sipRegistrar();
  const { simulator, call } = await sipPhones(host, ['6001', '6002']);
  onTestFinished(() => simulator.close());
  const { port, send, answer } = await stranger(contacts.get('6001')?.port ?? 0);
  for (const junk of ['', '\r\n\r\n', 'hello', 'INVITE', '\0'.repeat(500), 'SIP/2.0 200 OK\r\n\r\n'])
    send(junk);
  for (let times = 0; times < 500; times += 1) send(request('OPTIONS', port, `o${times}`));
  await answer(/^SIP\/2\.0 200/);
  send(request('INVITE', port, 'a', ['Require: 100rel, teleport', 'Content-Type: application/sdp']));
  await answer(/^SIP\/2\.0 420/);
  const video = 'v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP 97\r\na=rtpmap:97 opus/48000\r\n';
  send(request('INVITE', port, 'b', ['Content-Type: application/sdp'], video));
  await answer(/^SIP\/2\.0 488/);
  send(request('BYE', port, 'c'));
  await answer(/^SIP\/2\.0 481/);
  await call('6002', '6001');
  expect(simulator.state('6001').state).toBe('talking');
});
