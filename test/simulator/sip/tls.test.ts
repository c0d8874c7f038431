import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type TLSSocket } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import type { SipAccount } from '../../../src/simulator/index.ts';
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
