import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

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
  /** Each that waits, with its number among all that ever did; the one that has waited longest is the first. */
  readonly #numbers = new Map<Socket, number>();
  #asked = 0;
  /** How many pieces were read in this turn. */
  #pieces = 0;
  #isCounting = false;

  /**
   * Whether a connection must wait for its next turn, for which it is paused; otherwise a piece of it is counted.
   *
   * @param bytes - how many it has sent
   */
  isOver(socket: Socket, bytes: number): boolean {
    this.#count();
    if (this.#pieces < PIECES) {
      this.#pieces += 1;
      return false;
    }
    socket.pause();
    this.#add(socket);
    if (bytes > MUCH && this.#numbers.size > MOST_WAITING) socket.destroy();
    return true;
  }

  /** Settles when all that wait now have had a turn; with false if that takes too long. */
  async passed(): Promise<boolean> {
    const [asked, begun] = [this.#asked, performance.now()];
    while (this.#first <= asked) {
      if (performance.now() - begun > SLOWEST) return false;
      await nextTurn();
    }
    return true;
  }

  /** The number of the one that has waited longest. */
  get #first(): number {
    const [first = Number.POSITIVE_INFINITY] = this.#numbers.values();
    return first;
  }

  #add(socket: Socket): void {
    if (this.#numbers.has(socket)) return;
    const { remoteAddress: address = '' } = socket;
    this.#waiting.set(address, (this.#waiting.get(address) ?? new Set()).add(socket));
    this.#asked += 1;
    this.#numbers.set(socket, this.#asked);
  }

  /** The connection whose turn it is. */
  #take(): Socket | undefined {
    const [[address, sockets] = []] = this.#waiting;
    const [socket] = sockets ?? [];
    if (address === undefined || sockets === undefined || socket === undefined) return undefined;
    sockets.delete(socket);
    // The next one of this address comes after those of all others.
    this.#waiting.delete(address);
    if (sockets.size > 0) this.#waiting.set(address, sockets);
    this.#numbers.delete(socket);
    return socket;
  }

  #count(): void {
    if (this.#isCounting) return;
    this.#isCounting = true;
    setImmediate(() => this.#next());
  }

  #next(): void {
    this.#isCounting = false;
    this.#pieces = 0;
    let socket = this.#take();
    while (socket?.destroyed === true) socket = this.#take();
    socket?.resume();
    if (this.#numbers.size > 0) this.#count();
  }
}
