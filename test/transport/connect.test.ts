import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { connectOnce } from '../../src/transport/connect.ts';
import { Wire } from '../../src/transport/wire.ts';
import { rawServer } from '../support/raw-server.ts';

it('connects once and never again, whoever asks: a second connection could press a key twice', async () => {
  const server = await rawServer(() => undefined);
  const sockets: Socket[] = [];
  const connect = connectOnce(new Wire(), {}, (socket) => sockets.push(socket));
  const target = { hostname: '127.0.0.1', host: server.host, port: String(server.port), protocol: 'http:' };
  const ask = () => new Promise<Error | null>((resolve) => connect(target, (...[error]) => resolve(error)));
  expect(await ask()).toBeNull();
  expect(await ask()).toMatchObject({ message: 'the connection was lost' });
  for (const socket of sockets) await once(socket.destroy(), 'close');
  expect(sockets).toHaveLength(1);
});
