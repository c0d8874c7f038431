import type { ReportedEvent } from '../protocol/reported-event.ts';

/** An event, and when it arrived. */
export interface Heard {
  /** Its number among all that is counted. */
  readonly number: number;
  /** Milliseconds of `performance.now()`. */
  readonly at: number;
  readonly event: ReportedEvent;
}

/** How long to watch, in milliseconds, and what ends it earlier. */
export interface Watch {
  readonly within: number;
  readonly signal?: AbortSignal | undefined;
}

/** Who waits: asked again with every event, and told when no more will come. */
interface Waiter {
  readonly look: () => void;
  readonly stop: () => void;
}

/**
 * What was reported, in order, and who waits for more of it. Whoever waits for an event waits here, whatever the event
 * must be: nobody else keeps a timer or a list of those who wait.
 */
export class EventRecord {
  /** The last ones, oldest first. */
  readonly #kept: Heard[] = [];
  readonly #most: number;
  readonly #waiting = new Set<Waiter>();
  #count = 0;
  #gaps = 0;
  #closed = false;

  /** @param most - how many are kept, and up to twice as many; all of them where nothing is said */
  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most;
  }

  /** The number of the last event, or of what was counted after it: this moment. */
  get count(): number {
    return this.#count;
  }

  /** Counts what is no event, so that marks tell whether it came before or after them. */
  countOther(): number {
    this.#count += 1;
    return this.#count;
  }

  /** How often something may have been reported that is not here. */
  get gaps(): number {
    return this.#gaps;
  }

  /** For a while, what was reported could not arrive: silence until now proves nothing. */
  noteGap(): void {
    this.#gaps += 1;
  }

  /** Whether the source has ended. */
  get closed(): boolean {
    return this.#closed;
  }

  /** What is kept, oldest first. */
  get heard(): readonly Heard[] {
    return this.#kept;
  }

  /** What came after the event of a number, as far as it is kept. */
  after(number: number): readonly Heard[] {
    return this.#kept.slice(this.#kept.findLastIndex((heard) => heard.number <= number) + 1);
  }

  /** Takes an event, and shows it to whoever waits. */
  add(event: ReportedEvent): void {
    this.#count += 1;
    this.#kept.push({ number: this.#count, at: performance.now(), event });
    // In blocks, because moving the whole array for every event costs more than keeping some.
    if (this.#kept.length >= 2 * this.#most) this.#kept.splice(0, this.#most);
    for (const { look } of this.#waiting) look();
  }

  /** Asks now and with every event, until there is an answer; undefined when there is none in time, or at the end. */
  until<T>(ask: () => T | undefined, { within, signal }: Watch): Promise<T | undefined> {
    return new Promise((resolve) => {
      const end = (answer: T | undefined) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', stop);
        this.#waiting.delete(waiter);
        resolve(answer);
      };
      const look = () => {
        const answer = ask();
        if (answer !== undefined) end(answer);
      };
      const stop = () => end(undefined);
      const waiter = { look, stop };
      const timer = setTimeout(stop, within);
      this.#waiting.add(waiter);
      signal?.addEventListener('abort', stop, { once: true });
      if (signal?.aborted !== true) look();
      if (signal?.aborted === true || this.#closed) stop();
    });
  }

  /** No more will come: whoever waits has waited long enough. */
  close(): void {
    this.#closed = true;
    for (const { stop } of this.#waiting) stop();
  }
}
