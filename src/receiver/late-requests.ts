import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { onceRead } from '../once-read.ts';
import { LINGER } from './connections.ts';

/** How many times what comes late on one connection is taken: each time needs a parser of its own, and waits for no turn. */
const MOST_LATE = 4;

/** Connections of which nothing more is taken. */
const over = new WeakSet<object>();

/** Takes nothing more of a connection: what follows its last request may be a body that looks like one. */
export function takeNoMore(socket: Socket): void {
  over.add(socket);
}

/** Whether nothing more is taken of a connection. */
export function isOver(socket: Duplex): boolean {
  return over.has(socket);
}

/**
 * Takes the requests that follow one that ends its connection, such as one of HTTP/1.0. Node reads no more after it, and
 * an event in the next packet would be lost. The connection is closed on this side as before; what comes on it within a
 * second goes to the server as a connection of its own, of which the answers go nowhere.
 *
 * @param connected - the event of a new connection, `secureConnection` where it is one of TLS
 * @param refuse - tells that no more is taken of one
 */
export function takeLateRequests(
  server: Server,
  connected: 'connection' | 'secureConnection',
  refuse: (socket: Socket) => void,
): void {
  server.on(connected, (socket: Socket) => {
    if (socket instanceof LateStream) return;
    const { destroySoon } = socket;
    socket.destroySoon = () => {
      if (isOver(socket) || socket.destroyed) return destroySoon.call(socket);
      let late: LateStream | undefined;
      let times = 0;
      const timer = setTimeout(onceRead, LINGER, () => socket.destroy()).unref();
      // One by one, which is faster than removeAllListeners: every report of a phone comes through here.
      for (const event of ['data', 'end'] as const)
        for (const listener of socket.listeners(event)) socket.off(event, listener as () => void);
      socket.on('data', (chunk: Buffer) => {
        if (late?.destroyed === false) late.follow(chunk);
        else if (isRequest(chunk) && (late === undefined || !isOver(late))) {
          times += 1;
          if (times > MOST_LATE) {
            refuse(socket);
            return void socket.destroy();
          }
          late = new LateStream(socket, chunk);
          server.emit(connected, late);
        }
      });
      socket.once('end', () => socket.destroy());
      socket.once('close', () => {
        clearTimeout(timer);
        late?.push(null);
      });
      socket.end();
      socket.resume();
    };
  });
}

/** False for line ends, which some clients send after a request. */
function isRequest(chunk: Buffer): boolean {
  return /[^\r\n\t ]/.test(chunk.toString('latin1'));
}

/** What comes late on a connection, as a connection with the same two ends. */
class LateStream extends Duplex {
  readonly bytesRead: number;
  readonly remoteAddress: string | undefined;
  readonly localAddress: string | undefined;

  readonly #socket: Socket;
  #isAnswered = false;

  /** @param first - what came first */
  constructor(socket: Socket, first: Buffer) {
    super({ read: () => socket.resume(), write: (_chunk, _encoding, done) => done() });
    this.#socket = socket;
    this.remoteAddress = socket.remoteAddress;
    this.localAddress = socket.localAddress;
    this.bytesRead = first.length;
    this.push(first);
  }

  /** Takes what came next, and no more until that was read. */
  follow(chunk: Buffer): void {
    if (!this.push(chunk)) this.#socket.pause();
  }

  /** As a connection has it: the server calls this after a request that ends it. */
  destroySoon(): void {
    this.#isAnswered = true;
    this.destroy();
  }

  /** Whoever closes it for what comes on it means the connection, too; or all else that comes would be taken anew. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.#isAnswered) this.#socket.destroy();
    done(error);
  }
}
