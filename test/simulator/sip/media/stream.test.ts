import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { CODECS } from '../../../../src/simulator/sip/media/g711.ts';
import { Stream } from '../../../../src/simulator/sip/media/stream.ts';

async function peer(): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  return socket;
}

/** A packet of RTP with 20 ms of one byte. */
function packet(
  sequence: number,
  { payload = 8, byte = 0x2a, version = 2, timestamp = sequence * 160 } = {},
) {
  const data = Buffer.alloc(12 + 160, byte);
  data[0] = version << 6;
  data[1] = payload;
  data.writeUInt16BE(sequence, 2);
  data.writeUInt32BE(timestamp, 4);
  return data;
}

/** A stream that has agreed with the peer on A-law, perhaps on µ-law, and on digits as 101. */
async function agreed(payloads: readonly number[] = [8]) {
  const codecs = new Map(
    CODECS.flatMap((one) => (payloads.includes(one.payload) ? [[one.payload, one]] : [])),
  );
  const codec = codecs.get(8);
  if (codec === undefined) throw new Error('no A-law');
  const digits: string[] = [];
  const stream = new Stream('127.0.0.1', 500, (digit) => digits.push(digit));
  onTestFinished(() => stream.close());
  await stream.open();
  const socket = await peer();
  const { address, port } = socket.address();
  stream.agree({ address, port, codec, payload: 8, codecs, digits: 101, sends: true });
  const send = (data: Buffer, from = socket) => from.send(data, stream.port, '127.0.0.1');
  return { stream, socket, send, digits };
}

it('hears only the agreed address and port, and only RTP of the agreed kind', async () => {
  const { stream, send } = await agreed();
  const stranger = await peer();
  for (let sequence = 1; sequence <= 10; sequence += 1) send(packet(sequence), stranger);
  send(packet(1, { version: 1 }));
  send(Buffer.alloc(5, 0x80));
  send(packet(2, { payload: 0 }));
  send(packet(3));
  await expect.poll(() => stream.counts.received).toBe(2);
  expect(stream.heard(1000).samples).toHaveLength(160);
});

it('hears each codec that both sides have agreed on, whichever is sent', async () => {
  const { stream, send } = await agreed([8, 0]);
  send(packet(1, { payload: 0, byte: 0x00 }));
  send(packet(2, { payload: 8, byte: 0x2a }));
  await expect.poll(() => stream.counts.received).toBe(2);
  const { samples, undecoded } = stream.heard(1000);
  expect([samples.length, samples[0], samples[160], undecoded]).toEqual([320, -32_124, -32_256, false]);
});

it('says that something came in which nobody can decode, while it is recent', async () => {
  const { stream, send } = await agreed();
  send(packet(1, { payload: 13 }).subarray(0, 13));
  send(packet(2, { payload: 127 }).subarray(0, 12));
  send(packet(3, { payload: 101 }).subarray(0, 14));
  await expect.poll(() => stream.counts.received).toBe(3);
  expect(stream.heard(1000)).toEqual({ samples: new Int16Array(), undecoded: false });
  send(packet(4, { payload: 0 }));
  await expect.poll(() => stream.counts.received).toBe(4);
  expect(stream.heard(1000)).toEqual({ samples: new Int16Array(), undecoded: true });
  expect(stream.heard(1000, performance.now()).undecoded).toBe(false);
  send(packet(5));
  await expect.poll(() => stream.counts.received).toBe(5);
  expect(stream.heard(20)).toMatchObject({ undecoded: false });
});

it('counts what is lost, also where the numbers begin again', async () => {
  const { stream, send } = await agreed();
  for (const sequence of [65_533, 65_534, 1, 2, 5]) send(packet(sequence));
  await expect.poll(() => stream.counts.received).toBe(5);
  // 65535 and 0, then 3 and 4.
  expect(stream.counts.lost).toBe(4);
});

it('takes one digit for all packets of one, and the same digit twice for two', async () => {
  const { send, digits } = await agreed();
  const digit = (sequence: number, timestamp: number, number: number) => {
    const data = packet(sequence, { payload: 101, timestamp }).subarray(0, 16);
    data[12] = number;
    return data;
  };
  for (const sequence of [1, 2, 3]) send(digit(sequence, 160, 11));
  for (const sequence of [4, 5]) send(digit(sequence, 3200, 11));
  send(digit(6, 6400, 99));
  send(digit(7, 9600, 1));
  await expect.poll(() => digits).toEqual(['#', '#', '1']);
});

it('sends 20 ms of its tone in each packet, in the order of their numbers, and nothing while it is held', async () => {
  const { stream, socket } = await agreed();
  const got: Buffer[] = [];
  socket.on('message', (data) => got.push(data));
  await expect.poll(() => got.length).toBeGreaterThan(5);
  for (const [index, data] of got.entries()) {
    expect([data.length, data[0], (data[1] ?? 0) & 0x7f]).toEqual([172, 0x80, 8]);
    const before = got[index - 1];
    if (before === undefined) continue;
    expect((data.readUInt16BE(2) - before.readUInt16BE(2)) & 0xffff).toBe(1);
    expect((data.readUInt32BE(4) - before.readUInt32BE(4)) >>> 0).toBe(160);
  }
  const { address, port } = socket.address();
  const [codec] = CODECS;
  if (codec === undefined) throw new Error('no codec');
  const same = { address, codec, payload: 8, codecs: new Map([[8, codec]]), digits: 101 };
  stream.agree({ ...same, port, sends: false });
  const { sent } = stream.counts;
  stream.agree({ ...same, port: 0, sends: true });
  expect(stream.counts.sent).toBe(sent);
});

it('that is closed before it is open, or while it opens, has no socket afterwards', async () => {
  const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'UDPWrap').length;
  // Those of other tests are gone.
  await expect.poll(sockets).toBe(0);
  const [closed, closing] = [1, 2].map(() => new Stream('127.0.0.1', 500, () => undefined));
  closed?.close();
  await closed?.open();
  const opening = closing?.open();
  closing?.close();
  await opening;
  expect([closed?.port, closing?.port]).toEqual([0, 0]);
  await expect.poll(sockets).toBe(0);
});
