import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import type { Signal } from '../../../src/simulator/line.ts';
import type { SipLeg } from '../../../src/simulator/sip/leg.ts';
import { Legs } from '../../../src/simulator/sip/legs.ts';
import { SipLine } from '../../../src/simulator/sip/line.ts';
import { readSdp } from '../../../src/simulator/sip/media/sdp.ts';
import { UdpTransport } from '../../../src/simulator/sip/udp.ts';
import { sipPhones } from './phones.ts';
import { rawOf, rawPbx, tcpRegistrar } from './raw-pbx.ts';

async function phoneOverTcp() {
  const registrar = await tcpRegistrar();
  const phones = await sipPhones(registrar.host, ['6001'], { transport: 'tcp' });
  onTestFinished(() => phones.simulator.close());
  return { phones, ...registrar };
}

it('has room for 8 calls, and for another when one has ended', () => {
  const legs = new Legs();
  const all = Array.from({ length: 8 }, () => ({ media: undefined }) as SipLeg);
  for (const leg of all) {
    expect(legs.areFull).toBe(false);
    legs.add(leg);
  }
  expect(legs.areFull).toBe(true);
  for (const leg of all.slice(0, 1)) legs.delete(leg);
  expect(legs.areFull).toBe(false);
});

it('calls numbers of 64 characters, and ends a call to a longer one with 484', async () => {
  const pbx = await rawPbx();
  const signals: Signal[] = [];
  let tell: () => void = () => undefined;
  const line = new SipLine({ uri: `sip:6001@${pbx.host}`, password: 'secret' }, (signal) => {
    signals.push(signal);
    tell();
  });
  onTestFinished(() => line.close());
  await line.open();
  const ended = new Promise<void>((resolve) => {
    tell = resolve;
  });
  expect(line.dial('6'.repeat(65)).remote).toHaveLength(64);
  await ended;
  expect(signals.at(-1)).toMatchObject({ kind: 'ended', code: 484 });
  line.dial('7'.repeat(64));
  expect((await pbx.next(/^INVITE/)).line).toContain(`sip:${'7'.repeat(64)}@`);
});

it('shows 64 characters of a caller', async () => {
  const pbx = await rawPbx();
  const phones = await sipPhones(pbx.host, ['6001']);
  onTestFinished(() => phones.simulator.close());
  pbx.ask('INVITE', { body: pbx.sdp(9), from: `<sip:${'9'.repeat(1000)}@pbx>` });
  expect((await phones.until('6001', 'incomingCall')).remote).toHaveLength(64);
});

it.each([
  ['a title and a bell', '60%1b%5d0;PWN%07', '60]0;PWN'],
  ['lines and bidirectional marks', '60%0a%0d%c2%9b%e2%80%ae%e2%80%a801', '6001'],
  ['what cannot be decoded', '60%25ff%1b', '60%ff'],
])('shows a caller whose number has %s without anything that changes a terminal', async (_, user, shown) => {
  const pbx = await rawPbx();
  const phones = await sipPhones(pbx.host, ['6001']);
  onTestFinished(() => phones.simulator.close());
  pbx.ask('INVITE', { body: pbx.sdp(9), from: `<sip:${user}@pbx>` });
  expect((await phones.until('6001', 'incomingCall')).remote).toBe(shown);
  expect(phones.simulator.lcd('6001')).toContain(`Incoming call ${shown}`);
});

it('reads a session of 16,384 characters', () => {
  const sdp = 'v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP 8\r\n';
  expect(readSdp(sdp.padEnd(16_384, 'x'))).toMatchObject({ port: 4000 });
  expect(readSdp(sdp.padEnd(16_385, 'x'))).toBeUndefined();
});

it.each([
  ['headers of 32 KB', 32_000, 'SIP/2.0 200 OK'],
  ['longer ones', 33_000, 'SIP/2.0 200 later'],
])('answers over UDP %s only where they are no longer', async (_, length, first) => {
  const pbx = await rawPbx();
  const phones = await sipPhones(pbx.host, ['6001']);
  onTestFinished(() => phones.simulator.close());
  pbx.ask('OPTIONS', { id: 'long', headers: [`X: ${'x'.repeat(length)}`] });
  pbx.ask('OPTIONS', { id: 'later' });
  const answer = await pbx.next(/^SIP\/2\.0 200/);
  expect(answer.header('call-id')).toBe(first.endsWith('later') ? 'later' : 'long');
});

const CHALLENGE = 'WWW-Authenticate: Digest a="';

it.each([
  ['a header of more than 4 KB', `${CHALLENGE}${'('.repeat(4096)}`],
  ['a folded one', `${CHALLENGE}\r\n ${`${'('.repeat(80)}\r\n\t`.repeat(60)}`],
])('does not read %s, and reads the others', async (_, header) => {
  const pbx = await rawPbx();
  const phones = await sipPhones(pbx.host, ['6001']);
  onTestFinished(() => phones.simulator.close());
  pbx.ask('OPTIONS', { headers: [header] });
  await pbx.next(/^SIP\/2\.0 200/);
});

it.each([
  [4096, 'long'],
  [4097, 'later'],
])('of a first line of %i characters and what comes later, answers first: %s', async (length, first) => {
  const pbx = await rawPbx();
  const phones = await sipPhones(pbx.host, ['6001']);
  onTestFinished(() => phones.simulator.close());
  const user = '6'.repeat(length - 'OPTIONS sip:@pbx SIP/2.0'.length);
  pbx.ask('OPTIONS', { id: 'long', uri: `sip:${user}@pbx` });
  pbx.ask('OPTIONS', { id: 'later' });
  expect((await pbx.next(/^SIP/)).header('call-id')).toBe(first);
});

it.each([
  ['headers without an end', 'OPTIONS sip:6001@pbx SIP/2.0\r\nX: ', 40_000],
  ['a body without an end', 'OPTIONS sip:6001@pbx SIP/2.0\r\nContent-Length: 9999999\r\n\r\n', 300_000],
])('ends a TCP connection that brings %s, and makes another', async (_, begin, length) => {
  const { phones, connections } = await phoneOverTcp();
  await phones.until('6001', 'registered');
  connections[0]?.write(begin + 'x'.repeat(length));
  await phones.until('6001', 'registerFailed');
  await phones.until('6001', 'registered');
  expect(connections).toHaveLength(2);
});

it('keeps a TCP connection on which 500 messages come at once, and answers each', async () => {
  const { phones, connections, got } = await phoneOverTcp();
  await phones.until('6001', 'registered');
  const one = (id: number) =>
    `OPTIONS sip:6001@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bK${id}\r\nFrom: <sip:9@x>;tag=1\r\nTo: <sip:6001@x>\r\nCall-ID: o${id}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n`;
  connections[0]?.write(Array.from({ length: 500 }, (_, id) => one(id)).join(''));
  await expect.poll(() => got.length, { timeout: 15_000 }).toBe(500);
  expect(new Set(got.map(({ header }) => header('call-id'))).size).toBe(500);
  expect(connections).toHaveLength(1);
});

it('remembers over UDP where the latest 1000 requests came from', async () => {
  const socketOf = async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    onTestFinished(() => void socket.close());
    return socket;
  };
  const [pbx, stranger] = [await socketOf(), await socketOf()];
  let heard: () => void = () => undefined;
  const host = '127.0.0.1';
  const gate = { onMessage: (_: unknown, sent: boolean) => void (sent || heard()), isOfCall: () => true };
  const transport = new UdpTransport(undefined, { host, next: { host, port: pbx.address().port }, gate });
  await transport.connect();
  onTestFinished(() => transport.disconnect());
  const message = (line: string, id: number) =>
    `${line}\r\nVia: SIP/2.0/UDP x;branch=b${id}\r\nTo: <sip:6001@x>;tag=1\r\nCSeq: 1 INFO\r\n\r\n`;
  const ask = (id: number) => {
    const taken = new Promise<void>((resolve) => {
      heard = resolve;
    });
    stranger.send(message('INFO sip:6001@x SIP/2.0', id), transport.port, host);
    return taken;
  };
  for (let id = 0; id <= 1000; id += 1) await ask(id);
  const answered = async (socket: typeof pbx, id: number) => {
    const got = once(socket, 'message');
    await transport.send(message('SIP/2.0 200 OK', id));
    return rawOf(String((await got)[0])).header('via');
  };
  expect(await answered(stranger, 1)).toContain('branch=b1');
  expect(await answered(pbx, 0)).toContain('branch=b0');
});
