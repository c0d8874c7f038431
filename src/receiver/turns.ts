import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { addressOf } from './source.ts';

/**
 * How many pieces of all connections together are read in one turn of the event loop. Node takes one new connection a turn,
 * so a phone that connects waits for as many turns as others are before it: they must be short, however much others send.
 */
const PIECES = 2;

/** So many bytes at once no phone sends. */
const MUCH = 8192;

/** So many may wait that send so much, because what they have sent is kept. */
const MOST_WAITING = 1000;

/** How long whoever waits for all of them waits, in milliseconds. */
const SLOWEST = 3000;

/**
 * Lets connections that are in a hurry go on in turns: one of each address after the other, and those of one address first
 * come, first served. However many connections others have, a phone waits for as many turns as there are other addresses.
 */
export class Turns {
  /** Those that wait, by address. The next turn is that of the first one. */
  readonly #waiting = new Map<string, Set<Socket>>();
  /** Each that waits, with its number among all that ever did. */
  readonly #numbers = new Map<Socket, number>();
  #asked = 0;
  /** Those that go on, and have not been read since. */
  readonly #going = new WeakSet<Socket>();
  /** The last number of each, which is kept amid a request. */
  readonly #last = new WeakMap<Socket, number>();
  /** How many pieces were read in this turn, or will be. */
  #pieces = 0;
  #isCounting = false;

  /**
   * Whether a connection must wait for its next turn, for which it is paused; otherwise a piece of it is counted.
   *
   * @param bytes - how many it has sent
   * @param isAmid - whether a part of a request was read, and the rest is here
   */
  isOver(socket: Socket, bytes: number, isAmid: boolean): boolean {
    this.#count();
    if (this.#going.delete(socket)) return false;
    if (this.#pieces < PIECES) {
      // What a phone reports on its next connection must not overtake what it has reported before.
      const first = isAmid ? undefined : this.#take(addressOf(socket));
      this.#pieces += 1;
      if (first === undefined) return false;
      this.#goOn(first);
    }
    socket.pause();
    this.#add(socket, isAmid);
    if (bytes > MUCH && this.#numbers.size > MOST_WAITING) socket.destroy();
    return true;
  }

  /** Whether a connection waits for its turn. */
  isWaiting(socket: Socket): boolean {
    return this.#numbers.has(socket);
  }

  /** Settles when all that wait now have had a turn; with false if that takes too long. */
  async passed(): Promise<boolean> {
    const [asked, begun] = [this.#asked, performance.now()];
    while (this.#isAsked(asked)) {
      if (performance.now() - begun > SLOWEST) return false;
      await nextTurn();
    }
    return true;
  }

  /** Whether any waits that had this number, or an earlier one. */
  #isAsked(last: number): boolean {
    for (const number of this.#numbers.values()) if (number <= last) return true;
    return false;
  }

  #add(socket: Socket, isAmid: boolean): void {
    if (this.#numbers.has(socket)) return;
    const address = addressOf(socket);
    const others = this.#waiting.get(address) ?? new Set();
    this.#waiting.set(address, isAmid ? new Set([socket, ...others]) : others.add(socket));
    const number = isAmid ? this.#last.get(socket) : undefined;
    if (number === undefined) this.#asked += 1;
    this.#numbers.set(socket, number ?? this.#asked);
    this.#last.set(socket, number ?? this.#asked);
  }

  /** The connection of an address whose turn it is. */
  #take(address: string): Socket | undefined {
    const sockets = this.#waiting.get(address) ?? new Set();
    // The next one of this address comes after those of all others.
    this.#waiting.delete(address);
    for (const socket of sockets) {
      sockets.delete(socket);
      this.#numbers.delete(socket);
      if (socket.destroyed) continue;
      if (sockets.size > 0) this.#waiting.set(address, sockets);
      return socket;
    }
    return undefined;
  }

  #goOn(socket: Socket): void {
    this.#going.add(socket);
    socket.resume();
  }

  #count(): void {
    if (this.#isCounting) return;
    this.#isCounting = true;
    setImmediate(() => this.#next());
  }

  #next(): void {
    this.#isCounting = false;
    this.#pieces = 0;
    for (const address of this.#waiting.keys()) {
      const socket = this.#take(address);
      if (socket === undefined) continue;
      this.#pieces += 1;
      this.#goOn(socket);
      break;
    }
    if (this.#numbers.size > 0) this.#count();
  }
}
