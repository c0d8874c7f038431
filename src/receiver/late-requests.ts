import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { LINGER } from './connections.ts';

/** Connections of which nothing more is taken. */
const over = new WeakSet<object>();

/** Takes nothing more of a connection: what follows its last request may be a body that looks like one. */
export function takeNoMore(socket: Socket): void {
  over.add(socket);
}

/** Whether nothing more is taken of a connection. */
export function isOver(socket: Socket): boolean {
  return over.has(socket);
}

/**
 * Takes the requests that follow one that ends its connection, such as one of HTTP/1.0. Node reads no more after it, and
 * an event in the next packet would be lost. The connection is closed on this side as before; what comes on it within a
 * second goes to the server as a connection of its own, of which the answers go nowhere.
 *
 * @param connected - the event of a new connection, `secureConnection` where it is one of TLS
 */
export function takeLateRequests(server: Server, connected: 'connection' | 'secureConnection'): void {
  server.on(connected, (socket: Socket) => {
    const { destroySoon } = socket;
    socket.destroySoon = () => {
      if (isOver(socket) || socket.destroyed) return destroySoon.call(socket);
      const late = new LateStream(socket);
      const timer = setTimeout(() => socket.destroy(), LINGER).unref();
      socket.removeAllListeners('data').on('data', (chunk: Buffer) => {
        if (late.begun) late.push(chunk);
        else if (late.begin(chunk)) server.emit(connected, late);
      });
      socket.once('end', () => socket.destroy());
      socket.once('close', () => {
        clearTimeout(timer);
        late.push(null);
      });
      socket.end();
      socket.resume();
    };
  });
}

/** What comes late on a connection, as a connection that says the same of its ends. */
class LateStream extends Duplex {
  begun = false;
  bytesRead = 0;
  readonly remoteAddress: string | undefined;
  readonly localAddress: string | undefined;

  constructor({ remoteAddress, localAddress }: Socket) {
    super({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
    this.remoteAddress = remoteAddress;
    this.localAddress = localAddress;
  }

  /** Takes the first that comes; false for line ends, which some clients send after a request. */
  begin(chunk: Buffer): boolean {
    this.begun = /[^\r\n\t ]/.test(chunk.toString('latin1'));
    if (!this.begun) return false;
    this.bytesRead = chunk.length;
    this.push(chunk);
    return true;
  }
}
