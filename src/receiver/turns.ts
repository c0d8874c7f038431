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

/**
 * Lets connections that are in a hurry go on in turns, first come, first served. Those of which nothing has been read are
 * before the others, because a phone sends one request on a connection.
 */
export class Turns {
  readonly #waiting = new Set<Socket>();
  readonly #newcomers = new Set<Socket>();
  readonly #begun = new WeakSet<Socket>();
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
      this.#begun.add(socket);
      return false;
    }
    socket.pause();
    (this.#begun.has(socket) ? this.#waiting : this.#newcomers).add(socket);
    this.#asked += 1;
    if (bytes > MUCH && this.#size > MOST_WAITING) socket.destroy();
    return true;
  }

  /** Settles when all that wait now have had a turn. */
  async passed(): Promise<void> {
    for (const asked = this.#asked; this.#served < asked; ) await nextTurn();
  }

  get #size(): number {
    return this.#newcomers.size + this.#waiting.size;
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
    const most = PIECES / SHARE;
    // A proxy's connection, which it keeps, must have its turn as well.
    const left = this.#resume(this.#newcomers, most - 1);
    this.#resume(this.#waiting, left + 1);
    if (this.#size > 0) this.#count();
  }

  /** Resumes so many, and returns how many more it could have resumed. */
  #resume(queue: Set<Socket>, most: number): number {
    let left = most;
    for (const socket of queue) {
      if (left === 0) break;
      queue.delete(socket);
      this.#served += 1;
      if (socket.destroyed) continue;
      left -= 1;
      socket.resume();
    }
    return left;
  }
}
