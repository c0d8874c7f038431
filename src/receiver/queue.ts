/** What a queue has done. */
export interface QueueCounts {
  done: number;
  failed: number;
  /** Not even tried, because too many were waiting. */
  dropped: number;
}

/** How a queue works. */
export interface QueueOptions<T> {
  /** The signal ends what is under way. */
  readonly work: (item: T, stopped: AbortSignal) => Promise<void>;
  /** Items worked on side by side. */
  readonly jobs: number;
  /** Items that may wait; more are dropped and counted. */
  readonly most: number;
  readonly onError: (error: Error, item: T) => void;
  /** Is told of each item that is dropped as it comes. */
  readonly onDrop: (item: T) => void;
}

/** Work that events set off: bounded, counted, and never in the way of the next event. */
export class WorkQueue<T> {
  readonly counts: QueueCounts = { done: 0, failed: 0, dropped: 0 };
  readonly #options: QueueOptions<T>;
  readonly #waiting: T[] = [];
  #working = 0;
  readonly #stop = new AbortController();
  #idle: (() => void)[] = [];

  constructor(options: QueueOptions<T>) {
    this.#options = options;
  }

  /** Queues an item, or drops it where too many wait already. */
  add(item: T): void {
    if (this.#waiting.length >= this.#options.most) {
      this.counts.dropped += 1;
      this.#options.onDrop(item);
      return;
    }
    this.#waiting.push(item);
    this.#next();
  }

  /** Settles when nothing waits and nothing is worked on. */
  drain(): Promise<void> {
    if (this.#working === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Ends what is under way, and drops what waits. */
  stop(): void {
    this.counts.dropped += this.#waiting.splice(0).length;
    this.#stop.abort();
  }

  #next(): void {
    while (this.#working < this.#options.jobs && this.#waiting.length > 0) {
      const item = this.#waiting.shift() as T;
      this.#working += 1;
      void this.#work(item);
    }
  }

  async #work(item: T): Promise<void> {
    try {
      await this.#options.work(item, this.#stop.signal);
      this.counts.done += 1;
    } catch (error) {
      this.counts.failed += 1;
      this.#options.onError(error instanceof Error ? error : new Error(String(error)), item);
    }
    this.#working -= 1;
    this.#next();
    if (this.#working === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }
}
