/** The counters of a queue. */
export interface QueueCounts {
  done: number;
  failed: number;
  /** Not tried, because the queue was full. */
  dropped: number;
}

/** The options of a queue. */
export interface QueueOptions<T> {
  /** The signal aborts work in progress. */
  readonly work: (item: T, stopped: AbortSignal) => Promise<void>;
  /** How many items are processed concurrently. */
  readonly jobs: number;
  /** How many items may wait; more are dropped and counted. */
  readonly most: number;
  readonly onError: (error: Error, item: T) => void;
  /** Called for each item that is dropped on arrival. */
  readonly onDrop: (item: T) => void;
}

/** Work triggered by events: bounded, counted, and never blocking the next event. */
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

  /** Queues an item, or drops it if the queue is full. */
  add(item: T): void {
    if (this.#waiting.length >= this.#options.most) {
      this.counts.dropped += 1;
      this.#options.onDrop(item);
      return;
    }
    this.#waiting.push(item);
    this.#next();
  }

  /** Settles when the queue is idle. */
  drain(): Promise<void> {
    if (this.#working === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Aborts work in progress, and drops what waits. */
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
