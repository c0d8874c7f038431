import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { onTestFinished } from 'vitest';

/** A server that a test controls byte by byte, and what it received. */
export interface RawServer {
  readonly host: string;
  readonly port: number;
  /** Everything that was received, one text per connection. */
  readonly received: string[];
  /** The number of connections. */
  connections: number;
}

/** Called once a whole request head has arrived. */
export type Play = (socket: Socket, request: string) => void;

/** Starts a server on a free port of 127.0.0.1 that ends with the test. */
export function rawServer(play: Play, tls?: TlsOptions): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const state: { received: string[]; connections: number } = { received: [], connections: 0 };
  const serve = (socket: Socket) => {
    const index = state.connections;
    state.connections += 1;
    state.received[index] = '';
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      const before = state.received[index] ?? '';
      state.received[index] = before + chunk.toString('latin1');
      if (!before.includes('\r\n\r\n') && state.received[index].includes('\r\n\r\n')) {
        play(socket, state.received[index]);
      }
    });
  };
  const server: Server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  onTestFinished(() => closeServer(server, sockets));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve(Object.assign(state, { host: `127.0.0.1:${port}`, port }));
    });
  });
}

function closeServer(server: Server, sockets: Set<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** A port of 127.0.0.1 on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
