import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * How many pieces of all connections together, and of each, are read in one turn of the event loop. Node takes one new
 * connection a turn, so a phone that connects waits for as many turns as others are before it: they must be short,
 * however much others send.
 */
const PIECES = 8;
const SHARE = 2;

/** So many bytes at once no phone sends. */
const MUCH = 8192;

/** So many may wait that send so much, because what they have sent is kept. */
const MOST_WAITING = 1000;

/** Lets connections that are in a hurry go on in turns, first come, first served. */
export class Turns {
  readonly #waiting = new Set<Socket>();
  /** How many have ever begun to wait, and how many of these have had their turn. */
  #asked = 0;
  #served = 0;
  /** How many pieces were read in this turn, of each and of all together. */
  readonly #given = new Map<Socket, number>();
  #pieces = 0;
  #isCounting = false;

  /**
   * Whether a connection must wait for its next turn, for which it is paused; otherwise a piece of it is counted.
   *
   * @param bytes - how many it has sent
   */
  isOver(socket: Socket, bytes: number): boolean {
    this.#count();
    const given = this.#given.get(socket) ?? 0;
    if (given < SHARE && this.#pieces < PIECES) {
      this.#given.set(socket, given + 1);
      this.#pieces += 1;
      return false;
    }
    socket.pause();
    this.#waiting.add(socket);
    this.#asked += 1;
    if (bytes > MUCH && this.#waiting.size > MOST_WAITING) socket.destroy();
    return true;
  }

  /** Settles when all that wait now have had a turn. */
  async passed(): Promise<void> {
    for (const asked = this.#asked; this.#served < asked; ) await nextTurn();
  }

  #count(): void {
    if (this.#isCounting) return;
    this.#isCounting = true;
    setImmediate(() => this.#next());
  }

  #next(): void {
    this.#isCounting = false;
    this.#pieces = 0;
    this.#given.clear();
    let left = PIECES / SHARE;
    for (const socket of this.#waiting) {
      if (left === 0) break;
      this.#waiting.delete(socket);
      this.#served += 1;
      if (socket.destroyed) continue;
      left -= 1;
      socket.resume();
    }
    if (this.#waiting.size > 0) this.#count();
  }
}
