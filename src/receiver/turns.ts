import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { addressOf } from './source.ts';

/**
 * How many pieces of all connections together are read in one turn of the event loop. Node takes one new connection a turn,
 * so a phone that connects waits for as many turns as others are before it: they must be short, however much others send.
 */
const PIECES = 2;

/**
 * How much of a connection is read at once, in bytes: the parser cannot be stopped before it has handed over all requests
 * in it. A phone's request is hardly longer.
 */
export const PIECE = 512;

/** So many bytes at once no phone sends. */
const MUCH = 8192;

/** So many pieces in a row are read of a connection, before what others of its address have sent since. */
const ROW = MUCH / PIECE;

/** So many may wait that send so much, because what they have sent is kept. */
const MOST_WAITING = 1000;

/** How long whoever waits for all of them waits, in milliseconds. */
const SLOWEST = 3000;

interface Row {
  readonly pieces: number;
  readonly number: number | undefined;
}

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
  /** How many bytes were read of those that may go on in the same turn: what came in many packets is read together. */
  readonly #read = new WeakMap<Socket, number>();
  /** Those that wait, or go on, and have not been read since. */
  readonly #unread = new WeakSet<Socket>();
  /**
   * Those of which a part was read of what they have sent: in how many pieces, and their number. What comes on other
   * connections of their addresses was sent later.
   */
  readonly #rows = new WeakMap<Socket, Row>();
  /** How many pieces were read in this turn, or will be. */
  #pieces = 0;
  #isCounting = false;

  /**
   * Whether a connection must wait for its next turn, for which it is paused; otherwise a piece of it is counted.
   *
   * @param bytes - how many it has sent
   */
  isOver(socket: Socket, bytes: number): boolean {
    this.#count();
    if (this.#going.delete(socket)) {
      this.#unread.delete(socket);
      return false;
    }
    if (this.#pieces < PIECES) {
      // What a phone reports on its next connection must not overtake what it has reported before.
      const first = this.#rows.has(socket) ? undefined : this.#take(addressOf(socket));
      this.#pieces += 1;
      if (first === undefined) return false;
      this.#goOn(first);
    }
    socket.pause();
    this.#add(socket);
    if (bytes > MUCH && this.#numbers.size > MOST_WAITING) socket.destroy();
    return true;
  }

  /**
   * Notes that so many bytes of a connection were read.
   *
   * @param isMore - whether more of it is here
   */
  noteRead(socket: Socket, bytes: number, isMore: boolean): void {
    const read = (this.#read.get(socket) ?? 0) + bytes;
    if (isMore && read < PIECE) {
      this.#read.set(socket, read);
      this.#going.add(socket);
      return;
    }
    this.#read.delete(socket);
    const { pieces = 0, number } = this.#rows.get(socket) ?? {};
    if (isMore && pieces + 1 < ROW) this.#rows.set(socket, { pieces: pieces + 1, number });
    else this.#rows.delete(socket);
  }

  /** Whether a connection waits for its turn, or had it and is gone before it was read. */
  isWaiting(socket: Socket): boolean {
    return this.#unread.has(socket);
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

  #add(socket: Socket): void {
    if (this.#numbers.has(socket)) return;
    this.#unread.add(socket);
    const address = addressOf(socket);
    const others = this.#waiting.get(address) ?? new Set();
    const row = this.#rows.get(socket);
    this.#waiting.set(address, row === undefined ? others.add(socket) : new Set([socket, ...others]));
    if (row?.number === undefined) this.#asked += 1;
    const number = row?.number ?? this.#asked;
    this.#numbers.set(socket, number);
    this.#rows.set(socket, { pieces: row?.pieces ?? 0, number });
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
