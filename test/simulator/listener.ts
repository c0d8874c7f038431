import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { onTestFinished } from 'vitest';

/** A listener for Action URLs, on the bytes themselves: what arrives is seen as the phone wrote it. */
export interface Listener {
  readonly url: string;
  readonly port: number;
  /** Whole requests, in the order they arrived. */
  readonly requests: readonly string[];
  /** Their targets: `/offHookUrl.xml?mac=…`. */
  readonly targets: readonly string[];
  /** Resolves once the targets fulfil a condition. */
  until(condition: (targets: readonly string[]) => boolean): Promise<void>;
}

export type Play = (socket: Socket, target: string) => void;

/** Answers as a receiver does. */
export const OK: Play = (socket) => socket.end('HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n');
/** Never says a word. */
export const HANG: Play = () => undefined;

/** Listens on a free port until the test ends. */
export async function listener(play: Play = OK, tls?: TlsOptions): Promise<Listener> {
  const requests: string[] = [];
  const targets: string[] = [];
  const waiting = new Set<() => void>();
  const sockets = new Set<Socket>();
  const serve = (socket: Socket) => {
    let text = '';
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8');
      if (!text.endsWith('\r\n\r\n')) return;
      const target = /^GET (.*) HTTP\/1\.0\r\n/.exec(text)?.[1] ?? '';
      requests.push(text);
      targets.push(target);
      for (const check of waiting) check();
      play(socket, target);
    });
  };
  const server: Server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    requests,
    targets,
    until: (condition) =>
      new Promise((resolve) => {
        const check = () => {
          if (!condition(targets)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
  };
}

/** `offHook` of `/offHookUrl.xml?mac=…`. */
export function eventOf(target: string): string {
  return /\/(\w+)Url\.xml/.exec(target)?.[1] ?? target;
}
