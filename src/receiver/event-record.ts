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

/**
 * Of a record that does not keep everything, the events may take about so many bytes, whatever strangers report. Ordinary
 * ones take less than 1000.
 */
const ROOM = 32 * 1024 * 1024;

/** How much a record keeps, and how it learns that nothing is left to add. */
export interface RecordOptions {
  readonly most?: number;
  readonly settled?: (() => Promise<unknown>) | undefined;
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
  /** The bytes that they take. */
  #size = 0;
  readonly #waiting = new Set<Waiter>();
  #count = 0;
  #latest = 0;
  /** The last one that is no longer kept. */
  #dropped = 0;
  /** How many had come when the last gap ended. */
  #gap = -1;
  /** How many had come when something else was lost last. */
  #loss = -1;
  #closed = false;
  readonly #settled: (() => Promise<unknown>) | undefined;

  /**
   * @param most - how many are kept, and up to twice as many; all of them where nothing is said
   * @param settled - settles when all that has arrived by now was added
   */
  constructor({ most = Number.POSITIVE_INFINITY, settled }: RecordOptions = {}) {
    this.#most = most;
    this.#settled = settled;
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

  /** What is reported may not arrive: until now, or as long as that lasts. */
  noteGap(lasts: boolean): void {
    this.#gap = lasts ? Number.POSITIVE_INFINITY : this.#count;
  }

  /** Something that was reported until now did not arrive. That ends no gap. */
  noteLoss(): void {
    this.#loss = Math.max(this.#loss, this.#count);
  }

  /** Whether all that came after the event of a number is here. Only then does silence since that event prove anything. */
  isWholeAfter(number: number): boolean {
    return number > Math.max(this.#gap, this.#loss);
  }

  /** Whether all that came after the event of a number is still kept. */
  keepsAfter(number: number): boolean {
    return number >= this.#dropped;
  }

  /** Whether the source has ended. */
  get closed(): boolean {
    return this.#closed;
  }

  /** When the last event arrived, kept or not, in milliseconds of `performance.now()`. */
  get latest(): number {
    return this.#latest;
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
    if (this.#most !== Number.POSITIVE_INFINITY) this.#limit(event);
    this.#show();
  }

  #limit(event: ReportedEvent): void {
    this.#size += sizeOf(event);
    if (this.#kept.length < 2 * this.#most && this.#size <= ROOM) return;
    // In blocks, because moving the whole array for every event costs more than keeping some.
    const dropped = this.#kept.splice(0, Math.ceil(this.#kept.length / 2));
    this.#dropped = dropped.at(-1)?.number ?? this.#dropped;
    for (const one of dropped) this.#size -= sizeOf(one.event);
  }

  /** An event came that is not kept, so its source is no longer whole. Those who wait for a state are still asked. */
  miss(): void {
    this.#loss = Number.POSITIVE_INFINITY;
    this.#show();
  }

  #show(): void {
    this.#latest = performance.now();
    for (const { look } of this.#waiting) look();
  }

  /**
   * Asks now and with every event, until there is an answer; undefined when there is none in time, or at the end. What has
   * arrived in time counts, also where this process was too busy to read it.
   */
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
      const over = () => (this.#settled === undefined ? stop() : void this.#settled().then(stop));
      const timer = setTimeout(over, within);
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

/** About how many bytes an event takes. Who publishes one in JavaScript may leave something out. */
function sizeOf({ path = '', values }: Partial<ReportedEvent>): number {
  let size = 300 + path.length;
  for (const name in values) size += 100 + name.length + (values?.[name]?.length ?? 0);
  return size;
}
