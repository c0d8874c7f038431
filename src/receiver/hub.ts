import { AtcomError } from '../errors.ts';
import { formatDuration } from '../protocol/duration.ts';
import type { ReportedEvent } from './event.ts';
import { type EventFilter, type Matches, matcher } from './match.ts';

/** How {@link EventHub.waitFor} waits. */
export interface WaitOptions extends Omit<EventFilter, 'events'> {
  /** Milliseconds; 5000 by default. */
  readonly within?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Where to begin, from {@link EventHub.mark}; by default after the last event that was waited for. */
  readonly since?: number | undefined;
}

/** Events are kept for those who ask a little late: their answer to a key can overtake the HTTP answer. */
const KEPT = 1000;

/** What one iterator holds back for a reader that is slower than the phones. */
const MOST_WAITING = 10_000;

/**
 * Takes events and hands them to whoever wants them: callbacks, iterators, and those who wait for one.
 *
 * @example
 * ```ts
 * import { startReceiver } from 'atcom';
 *
 * const receiver = await startReceiver({ port: 0 });
 * const stop = receiver.hub.subscribe(({ phone, event }) => console.log(phone, event));
 * stop();
 * await receiver.close();
 * ```
 */
export class EventHub {
  readonly #listeners = new Set<(event: ReportedEvent) => void>();
  /** The last events; the very last is number `#count`. */
  readonly #kept: ReportedEvent[] = [];
  /** For each phone, the number of the last event that was waited for. */
  readonly #cursors = new Map<string, number>();
  #count = 0;

  /** How many events came. */
  get count(): number {
    return this.#count;
  }

  /** How many callbacks and iterators listen. */
  get subscribers(): number {
    return this.#listeners.size;
  }

  /** Takes an event. A listener that throws stops neither the others nor the phone. */
  publish(event: ReportedEvent): void {
    this.#count += 1;
    this.#kept.push(event);
    // In blocks, because moving the whole array for every event costs more than keeping some.
    if (this.#kept.length >= 2 * KEPT) this.#kept.splice(0, KEPT);
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  /** Calls back for every event from now on; the function that is returned ends that. */
  subscribe(listener: (event: ReportedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** This moment, for {@link WaitOptions.since} and {@link EventHub.since}. */
  mark(): number {
    return this.#count;
  }

  /** What came after a mark, as far as it is kept. */
  since(mark: number, filter: EventFilter = {}): readonly ReportedEvent[] {
    const matches = matcher(filter);
    return this.#kept.filter((event, index) => this.#numberOf(index) > mark && matches(event));
  }

  /** Events from now on, until the signal. A reader that falls far behind loses the oldest ones. */
  async *events(signal?: AbortSignal): AsyncGenerator<ReportedEvent, void, undefined> {
    const waiting: ReportedEvent[] = [];
    let wake = () => {};
    const stop = this.subscribe((event) => {
      if (waiting.length >= MOST_WAITING) waiting.shift();
      waiting.push(event);
      wake();
    });
    const abort = () => wake();
    signal?.addEventListener('abort', abort);
    try {
      while (signal?.aborted !== true) {
        const next = waiting.shift();
        if (next !== undefined) yield next;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      stop();
      signal?.removeEventListener('abort', abort);
    }
  }

  /**
   * Waits for an event that came after the last one that was waited for on its phone, so also for one that came just
   * before this call.
   *
   * @throws {AtcomError} `no-event`, with what was seen instead; the signal's reason
   */
  waitFor(events: ReportedEvent['event'] | readonly ReportedEvent['event'][], options: WaitOptions = {}) {
    const { within = 5000, signal, since, phones, where } = options;
    const wanted = typeof events === 'string' ? [events] : events;
    const matches = matcher({ events: wanted, phones, where });
    const first = this.#firstKept(matches, since);
    if (first !== undefined) return Promise.resolve(first);
    const mark = since ?? this.mark();
    return new Promise<ReportedEvent>((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        stop();
      };
      const stop = this.subscribe((event) => {
        if (!matches(event)) return;
        end();
        this.#cursors.set(event.phone, this.#count);
        resolve(event);
      });
      const timer = setTimeout(() => {
        end();
        const seen = this.since(mark, { phones }).map(({ phone, event }) => `${phone} ${event}`);
        reject(new AtcomError('no-event', { events: wanted, within: formatDuration(within), seen }));
      }, within);
      const abort = () => {
        end();
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      if (signal?.aborted === true) abort();
    });
  }

  #firstKept(matches: Matches, since: number | undefined): ReportedEvent | undefined {
    const index = this.#kept.findIndex(
      (event, at) => this.#numberOf(at) > (since ?? this.#cursors.get(event.phone) ?? 0) && matches(event),
    );
    const event = this.#kept[index];
    if (event !== undefined) this.#cursors.set(event.phone, this.#numberOf(index));
    return event;
  }

  /** Which event, counted from the first of all, stands at an index of what is kept. */
  #numberOf(index: number): number {
    return this.#count - this.#kept.length + 1 + index;
  }
}
