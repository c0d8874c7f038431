import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Receiver, type ReceiverOptions, startReceiver } from '../../src/receiver/index.ts';
import { SECRET } from '../support/same-user.ts';

/** A receiver on a free port that programs of the tests' user can share, and that ends with the test. */
export async function receiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const started = await startReceiver({ port: 0, secret: SECRET, ...options });
  onTestFinished(() => started.close());
  return started;
}

/**
 * Sends bytes from an address, as nc would, and returns what came back until the other side closed.
 *
 * @param noMore - say that no more will come
 */
export function send(
  port: number,
  bytes: string | Uint8Array,
  from = '127.0.0.1',
  noMore = false,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from });
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    // A refused request may be reset while it is still being written; what came back before counts.
    socket.on('error', (error: NodeJS.ErrnoException) =>
      ['ECONNRESET', 'EPIPE'].includes(error.code ?? '') ? undefined : reject(error),
    );
    socket.on('close', () => resolve(answer));
    socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    if (noMore) socket.end();
  });
}

/** Opens a connection that stays half-open until the test ends. */
export function halfOpen(port: number, bytes = '', from = '127.0.0.2'): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from }, () => {
      if (bytes === '') resolve(socket);
      else socket.write(bytes, () => resolve(socket));
    });
    socket.on('error', reject);
    socket.once('connect', () => socket.off('error', reject).on('error', () => undefined));
    onTestFinished(() => {
      socket.destroy();
    });
  });
}

/** A request as phones send it. */
export const get = (target: string) => `GET ${target} HTTP/1.0\r\n\r\n`;

/** Settles once somebody subscribes to a hub: one who attaches, or a loop. */
export function subscribed({ hub }: Pick<Receiver, 'hub'>): Promise<void> {
  return new Promise((resolve) => {
    const { subscribe } = hub;
    hub.subscribe = (listener) => {
      resolve();
      return subscribe.call(hub, listener);
    };
  });
}
