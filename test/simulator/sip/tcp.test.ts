import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { TcpTransport } from '../../../src/simulator/sip/tcp.ts';
import { sipPhones } from './phones.ts';
import { tcpRegistrar } from './raw-pbx.ts';

it.each(['-1000000', '1e9'])(
  'leaves a PBX whose message has a length of %s, says why, and comes back',
  { timeout: 10_000 },
  async (length) => {
    const { host, connections } = await tcpRegistrar();
    const phones = await sipPhones(host, ['6001'], { transport: 'tcp' });
    onTestFinished(() => phones.simulator.close());
    await phones.until('6001', 'registered');
    connections[0]?.write(`OPTIONS sip:6001@pbx SIP/2.0\r\nContent-Length: ${length}\r\n\r\n`);
    expect(await phones.until('6001', 'registerFailed')).toMatchObject({
      detail: 'the PBX sent a message whose end nobody can tell',
    });
    await phones.until('6001', 'registered');
  },
);

it('reads no message that sip.js would read in another way, and goes on', async () => {
  const { host, connections, got } = await tcpRegistrar();
  const phones = await sipPhones(host, ['6001'], { transport: 'tcp' });
  onTestFinished(() => phones.simulator.close());
  await phones.until('6001', 'registered');
  const ask = (id: string, via: string) =>
    `OPTIONS sip:6001@127.0.0.1 SIP/2.0\r\n${via}: SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bK${id}\r\nFrom: <sip:9@x>;tag=1\r\nTo: <sip:6001@x>\r\nCall-ID: ${id}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n`;
  connections[0]?.write(ask('odd', 'Via\v') + ask('plain', 'Via'));
  await expect.poll(() => got.length).toBe(1);
  expect(got[0]?.header('call-id')).toBe('plain');
});

/** A connection to a PBX that reads nothing, with so much on the way that it blocks. */
async function deafPbx(onMessage: () => void = () => undefined) {
  const server = createServer((socket) => socket.pause()).listen(0, '127.0.0.1');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const transport = new TcpTransport(undefined, {
    host: '127.0.0.1',
    next: { host: '127.0.0.1', port },
    gate: { onMessage: (_, sent) => sent || onMessage(), receive: () => 'SIP/2.0 200 OK\r\n\r\n' },
  });
  await transport.connect();
  const [socket] = await accepted;
  onTestFinished(async () => {
    socket.destroy();
    await transport.disconnect();
    server.close();
  });
  void transport.send(`SIP/2.0 200 OK\r\n\r\n${'x'.repeat(16_000_000)}`).catch(() => undefined);
  return { transport, socket };
}

it('ends a connection whose other side reads no more', async () => {
  const { transport } = await deafPbx();
  await transport.disconnect();
  expect(transport.isConnected()).toBe(false);
});

it('reads no further while its answers are not read', async () => {
  let heard = 0;
  let tell: () => void = () => undefined;
  const { socket } = await deafPbx(() => {
    heard += 1;
    tell();
  });
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      tell = () => void (heard >= count && resolve());
    });
  const first = until(1);
  socket.write('OPTIONS sip:6001@pbx SIP/2.0\r\n\r\n'.repeat(100));
  await first;
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toBe(1);
  const all = until(100);
  socket.resume();
  await all;
});
