import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { type Happening, type SipAccount, startSimulator } from '../../../src/simulator/index.ts';
import { TcpTransport } from '../../../src/simulator/sip/tcp.ts';
import { sipPhones } from './phones.ts';
import { rawOf, registered } from './raw-pbx.ts';

const fixture = (name: string) =>
  readFileSync(new URL(`../../support/certificates/${name}`, import.meta.url), 'utf8');

/** A registrar over TLS that takes everybody, and a phone that wants to register there. */
async function phoneAt(certificate: string, account: Partial<SipAccount>) {
  const seen: string[] = [];
  const sockets: TLSSocket[] = [];
  const server = createServer(
    { key: fixture(`${certificate}.key`), cert: fixture(`${certificate}.crt`) },
    (socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        seen.push(data.toString());
        if (data.toString().startsWith('REGISTER')) socket.write(registered(rawOf(data.toString())));
      });
    },
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const phones = await sipPhones(`127.0.0.1:${port}`, ['6001'], { transport: 'tls', ...account });
  onTestFinished(async () => {
    await phones.simulator.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { ...phones, seen };
}

/** A PBX that takes connections, and says nothing. */
async function silent() {
  const sockets: Socket[] = [];
  const server = createTcpServer((socket) => sockets.push(socket.on('error', () => undefined).resume()));
  const connected = once(server, 'connection').then(([socket]) => socket as Socket);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as { port: number };
  return { host: '127.0.0.1', port, sockets, connected };
}

it('registers where the certificate is trusted and has the name of the PBX', async () => {
  const { until } = await phoneAt('phone', { ca: fixture('phone.crt') });
  await until('6001', 'registered');
});

it.each([
  [
    'is trusted, but is of another name',
    'other-name',
    { ca: fixture('other-name.crt') },
    'TLS: certificate of another name',
  ],
  ['is not trusted', 'phone', {}, 'TLS: not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)'],
])('tells nothing to a PBX whose certificate %s, and says why', async (_, certificate, account, reason) => {
  const { until, simulator, seen, all } = await phoneAt(certificate, account);
  expect(await until('6001', 'registerFailed')).toMatchObject({ detail: reason });
  const [, status, detail] = simulator.lcd('6001');
  expect([status, detail]).toEqual(['No service', reason.slice(0, 32)]);
  expect(simulator.state('6001').noService).toBe(reason);
  expect(seen).toEqual([]);
  expect(all.some(({ kind }) => kind === 'registered')).toBe(false);
});

it.each([undefined, {}])(
  'waits for a PBX that takes connections and says nothing (TLS %j) only so long',
  async (tls) => {
    const { host, port, sockets } = await silent();
    const gate = { onMessage: () => undefined };
    const transport = new TcpTransport(undefined, { host, next: { host, port }, tls, gate, patience: 50 });
    onTestFinished(() => transport.disconnect());
    const connecting = transport.connect();
    if (tls === undefined) await connecting;
    else await expect(connecting).rejects.toThrow('no answer from the PBX');
    expect([transport.isConnected(), sockets.length]).toEqual([tls === undefined, 1]);
  },
);

it('is closed while it waits for such a PBX', async () => {
  const { host, port, connected } = await silent();
  const all: Happening[] = [];
  const phones = await startSimulator({
    sip: [{ uri: `sip:6001@${host}:${port}`, password: 'secret', transport: 'tls' }],
    onHappening: (happening) => all.push(happening),
  });
  const socket = await connected;
  await Promise.all([once(socket, 'close'), phones.close()]);
  expect(all).toEqual([]);
});
