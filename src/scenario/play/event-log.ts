import { withoutPassword } from '../../errors/passwords.ts';
import {
  type EventFilter,
  EventRecord,
  type Heard,
  matcher,
  type ReportedEvent,
  type Watch,
} from '../../receiver/index.ts';
import { allOf, firstOf } from './looks.ts';

/** A pattern for events: the name, and patterns for values. */
export type Pattern = Pick<EventFilter, 'events' | 'where'>;

/** `incomingCall where remote=*6001*`. */
export function patternText({ events = [], where = {} }: Pattern): string {
  const conditions = Object.entries(where).map(
    ([name, pattern]) => `${name}=${withoutPassword(String(pattern))}`,
  );
  const which = conditions.length === 0 ? [] : [`where ${conditions.join(', ')}`];
  return [events.join(' or '), ...which].join(' ');
}

/** Whether several patterns mean the first that matches, or all of them in any order. */
export type Mode = 'any' | 'all';

/**
 * What one phone reported, and how far it was read. An expectation reads up to the event that it finds. It begins with
 * events that arrived earlier, because an event can overtake the answer to the key that caused it.
 */
export class EventLog extends EventRecord {
  /** Events that met an expectation. They cannot meet another one. */
  readonly #taken = new Set<number>();
  #cursor = 0;
  /** How many events came before the first step. */
  #before = 0;
  #forgotten = false;

  /** The events since the first step. */
  get told(): readonly Heard[] {
    return this.after(this.#before);
  }

  /** The number of the last expected event. */
  get read(): number {
    return this.#cursor;
  }

  /** When the last expected event arrived, of `performance.now()`; before all others where there is none. */
  get readAt(): number {
    const last = this.heard.findLast(({ number }) => number <= this.#cursor && number > this.#before);
    return last?.at ?? Number.NEGATIVE_INFINITY;
  }

  /** The events after the last expected one. */
  get unread(): readonly Heard[] {
    return this.after(this.#cursor);
  }

  /** Records an event from before the first step. Until {@link forget}, an expectation may find it. */
  recall(event: ReportedEvent): void {
    this.add(event);
    this.#before = this.count;
    this.#cursor = this.count;
  }

  /** Events from before the first step cannot be caused by what follows. */
  forget(): void {
    this.#forgotten = true;
  }

  /** Waits until the patterns match, and reads up to there; undefined if they do not in time, or at the signal. */
  async expect(
    patterns: readonly Pattern[],
    mode: Mode,
    watch: Watch,
  ): Promise<readonly Heard[] | undefined> {
    // Expectations on one phone at the same time all begin at the same place.
    const from = this.#cursor === this.#before && !this.#forgotten ? 0 : this.#cursor;
    const tests = patterns.map((pattern) => matcher(pattern));
    const look = mode === 'all' ? allOf(tests, from) : firstOf(tests, from);
    const ask = () => {
      const found = look(this.heard, (index) => !this.#taken.has(index));
      // At once, because others that wait at the same time need events of their own.
      for (const index of found ?? []) this.#taken.add(index);
      return found;
    };
    const found = await this.until(ask, watch);
    if (found === undefined) return undefined;
    this.#cursor = Math.max(this.#cursor, ...found.map((index) => index + 1));
    return found.map((index) => this.heard[index] as Heard);
  }

  /**
   * Watches for events that must not come, including unread ones, and those that may be one of them; undefined if none
   * came. Reads nothing.
   */
  async never(pattern: Pattern, watch: Watch): Promise<Heard | undefined> {
    const look = firstOf([matcher(pattern, { untold: true })], this.#cursor);
    const found = await this.until(() => look(this.heard, () => true), watch);
    return found?.[0] === undefined ? undefined : this.heard[found[0]];
  }
}
