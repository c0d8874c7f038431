import { writeSync } from 'node:fs';
import type { CallIdentity } from '../call-identity.ts';
import { visibleLines } from '../errors/visible.ts';
import { AtcomError } from '../errors.ts';
import { checkDelay, formatDuration } from '../protocol/duration.ts';
import { parseEvent } from '../protocol/events.ts';
import type { ReportedEvent } from '../protocol/reported-event.ts';
import { EventRecord } from './event-record.ts';
import { type ItemSource, iterate } from './iterate.ts';
import { type EventFilter, type Matches, matcher } from './match.ts';
import { isOfPhone, type RefusedRequest, refusalAdvice, refusalText } from './refusal.ts';
import { type RefusalListener, RefusalLog } from './refusal-log.ts';
import { isShared } from './shared.ts';
import { type Sighting, Sightings } from './sightings.ts';
import type { HeardPhone } from './states/kept-phones.ts';
import { PhoneStates, type StateChange } from './states/phone-states.ts';
import type { PhoneState } from './states/state.ts';

/** How {@link EventHub.waitFor} waits. */
export interface WaitOptions extends Omit<EventFilter, 'events'> {
  /** Milliseconds; 5000 by default. */
  readonly within?: number | undefined;
  /** When that time began, of `performance.now()`; now by default. */
  readonly begun?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * Where to begin, from {@link EventHub.mark}; by default after the last event that was waited for, or after
   * {@link EventHub.forget}.
   */
  readonly since?: number | undefined;
}

/** Settles when all that has reached a source of events by now was published; with false if that cannot be known. */
export type SettledFeed = () => Promise<boolean>;

/** Called when a subscriber throws or its promise rejects. */
export type SubscriberError = (error: unknown, event: ReportedEvent) => void;

/** Recent events are kept for late waiters, because the event a key causes can arrive before its HTTP response. */
const KEPT = 5000;

/**
 * Distributes events to callbacks, iterators, and callers that wait for one.
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
  readonly #onGap = new Set<(lasts: boolean) => void>();
  #inGap = false;
  /** After which event there was a gap last. */
  #gap = -1;
  readonly #listeners = new Set<(event: ReportedEvent) => unknown>();
  readonly #record = new EventRecord({ most: KEPT, settled: () => this.settled() });
  readonly #feeds = new Set<SettledFeed>();
  readonly #onError: SubscriberError;
  /** For each phone, the number of the last event that was waited for. */
  readonly #cursors = new Map<string, number>();
  /** Up to here, events count for nobody who does not say where to begin. */
  #forgotten = 0;
  readonly #iterators = new Set<() => void>();
  readonly #refused = new RefusalLog();
  #count = 0;
  #reason: AtcomError | undefined;
  readonly #states = new PhoneStates();
  readonly #sightings = new Sightings();

  /** @param onError - called when a subscriber fails; by default it is reported on stderr */
  constructor(onError: SubscriberError = tellOnStderr) {
    this.#onError = onError;
  }

  /** How many events were received. */
  get count(): number {
    return this.#count;
  }

  /** How many callbacks and iterators are subscribed. */
  get subscribers(): number {
    return this.#listeners.size;
  }

  /** Publishes an event. A subscriber that throws affects neither the others nor the phone. */
  publish(event: ReportedEvent): void {
    if (this.#record.closed) return;
    this.#count += 1;
    this.#states.take(event);
    const { source, time, values } = event;
    this.#sightings.add({ source, ip: values['ip'] ?? '', mac: values['mac'] ?? '', time });
    this.#record.add(event);
    for (const listener of this.#listeners) {
      try {
        const result = listener(event);
        if (result instanceof Promise) result.catch((error) => this.#onError(error, event));
      } catch (error) {
        this.#onError(error, event);
      }
    }
  }

  /** Calls back for every event from now on. Returns a function that unsubscribes. */
  subscribe(listener: (event: ReportedEvent) => unknown): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /**
   * The current position, for {@link WaitOptions.since} and {@link EventHub.since}.
   *
   * @param after - the position right after this event instead, as long as it is kept
   */
  mark(after?: ReportedEvent): number {
    const heard = after && this.#record.heard.findLast(({ event }) => event === after);
    return heard?.number ?? this.#record.count;
  }

  /** The events after a mark, as far as they are kept. */
  since(mark: number, filter: EventFilter = {}): readonly ReportedEvent[] {
    const events = this.#record.after(mark).map(({ event }) => event);
    return events.filter(matcher(filter));
  }

  /**
   * Whatever was reported by now counts for nobody who waits without a mark: keys that are pressed next did not cause it.
   */
  forget(): void {
    this.#forgotten = this.#record.count;
    // Nor is it missed if it was lost.
    if (!this.#inGap) this.#gap = -1;
  }

  /** Whether all events after a mark are still kept. Others may hold those that tell whose call is up. */
  keeps(mark: number): boolean {
    return this.#record.keepsAfter(mark);
  }

  /** Names a source of its events. Returns a function that forgets it. */
  feedFrom(feed: SettledFeed): () => void {
    this.#feeds.add(feed);
    return () => {
      this.#feeds.delete(feed);
    };
  }

  /**
   * Settles when all that phones have reported by now was published. Only then does silence prove anything, and what comes
   * later is new.
   *
   * @returns false if that is not known, because another program's listener gave no answer
   */
  async settled(): Promise<boolean> {
    const all = await Promise.all(Array.from(this.#feeds, (feed) => feed()));
    if (!all.includes(false)) return true;
    this.#tellGap();
    return false;
  }

  /**
   * From now on, events may be lost. Nothing is known any more of how phones were, and whoever concludes something from
   * silence is told.
   */
  beginGap(): void {
    this.#inGap = true;
    this.#states.doubt();
    this.#tellGap();
  }

  /** From now on, no event is lost. */
  endGap(): void {
    this.#inGap = false;
    this.#tellGap();
  }

  /**
   * Calls back when events begin to get lost, also if they do already, and when they no longer do. Returns a function
   * that unsubscribes.
   *
   * @param listener - gets whether it lasts, and which request was refused
   * @param phones - those whose refused requests are lost events, too
   */
  onGap(listener: (lasts: boolean, refused?: string) => void, phones: readonly string[] = []): () => void {
    const tell = (lasts: boolean) => listener(lasts);
    this.#onGap.add(tell);
    if (this.#inGap) listener(true);
    const forget = this.onRefusal((refusal, phone) => {
      if (isOfPhone(refusal) && this.#isOf(phones, phone, refusal))
        listener(this.#inGap, refusalAdvice(refusal));
    });
    return () => {
      this.#onGap.delete(tell);
      forget();
    };
  }

  /**
   * Whether one of these phones may have sent a request: by its address, or by the one from which it reported last. Where
   * no address is known, each may.
   */
  #isOf(phones: readonly string[], phone: string, { source }: RefusedRequest): boolean {
    return source === '' || phones.some((name) => name === phone || this.#states.sourceOf(name) === source);
  }

  /**
   * Whether no event was lost since the last one of a phone that was waited for; without a phone, since the beginning, or
   * what was forgotten last.
   *
   * @param names - what events may call the phone
   */
  isWhole(names: readonly string[] = []): boolean {
    if (this.#inGap || this.#gap < 0) return !this.#inGap;
    return names.some((name) => (this.#cursors.get(name) ?? 0) > this.#gap);
  }

  /**
   * Publishes a request that was refused.
   *
   * @param phone - the phone at the address that it came from
   */
  refuse(refusal: RefusedRequest, phone = refusal.source): void {
    if (this.#record.closed) return;
    if (isOfPhone(refusal)) this.#states.doubtFeatures(phone, refusal.source);
    this.#refused.add(refusal, phone, this.#record.countOther());
  }

  /** Calls back for every refused request from now on. Returns a function that unsubscribes. */
  onRefusal(listener: RefusalListener): () => void {
    return this.#refused.subscribe(listener);
  }

  /** The requests refused after a mark; of equal ones only the last. */
  refusedSince(mark: number): readonly RefusedRequest[] {
    return this.#refused.after(mark);
  }

  /** Events from now on, until the signal or the end. A reader that falls far behind loses the oldest ones. */
  events(signal?: AbortSignal): AsyncGenerator<ReportedEvent, void, undefined> {
    return iterate(
      this.#sourceOf((listener) => this.subscribe(listener)),
      signal,
    );
  }

  /**
   * The state of a phone according to its events: `unknown` where none told.
   *
   * @param phone - its name, or its address where events have no name for it
   * @example
   * ```ts
   * import { startReceiver } from 'atcom';
   *
   * const receiver = await startReceiver({ port: 0 });
   * const { call, calls, dnd } = receiver.hub.state('reception');
   * console.log([call, calls.length, dnd]); // ['unknown', 0, null]
   * await receiver.close();
   * ```
   */
  state(phone: string): PhoneState {
    return this.#states.of(phone);
  }

  /** The calls of a phone that ended last, as far as its events told them. */
  over(phone: string): readonly CallIdentity[] {
    return this.#states.over(phone);
  }

  /** The state of every phone that reported something, by name. */
  states(): ReadonlyMap<string, PhoneState> {
    return new Map(this.#states.heard.map(({ phone, state }) => [phone, state]));
  }

  /**
   * State changes from now on, until the signal or the end. Merely hearing from a phone again is no change. A reader that
   * falls far behind loses the oldest ones.
   *
   * @example
   * ```ts
   * import { startReceiver } from 'atcom';
   *
   * const receiver = await startReceiver({ port: 0 });
   * setTimeout(() => receiver.close(), 1000);
   * for await (const { phone, state } of receiver.hub.changes()) console.log(phone, state.call);
   * ```
   */
  changes(signal?: AbortSignal): AsyncGenerator<StateChange, void, undefined> {
    return iterate(
      this.#sourceOf((listener) => this.onChange(listener)),
      signal,
    );
  }

  /** Calls back for every state change from now on. Returns a function that unsubscribes. */
  onChange(listener: (change: StateChange) => void): () => void {
    return this.#states.subscribe(listener);
  }

  /** Every phone that reported something, with its identifiers. */
  heard(): readonly HeardPhone[] {
    return this.#states.heard;
  }

  /** The same for another program, to which one of them may be several phones. */
  told(): readonly HeardPhone[] {
    return this.#states.told;
  }

  /** Every MAC address that was reported, with the address it was reported for. */
  sightings(): readonly Sighting[] {
    return this.#sightings.all;
  }

  /** Takes over a sighting that another hub has. */
  sight(sighting: Sighting): void {
    this.#sightings.add(sighting);
  }

  /** Takes over the states that another hub has. */
  adopt(heard: Iterable<HeardPhone>): void {
    this.#states.adopt(heard);
  }

  /**
   * Waits for an event that came after the last one that was waited for on its phone, so also for one that came just
   * before this call.
   *
   * @throws {AtcomError} `no-event`, with what was seen instead; `receiver-closed`; `unknown-event`; `usage` for a time
   * that is none, or a condition that nothing meets; the signal's reason
   */
  async waitFor(
    events: ReportedEvent['event'] | readonly ReportedEvent['event'][],
    options: WaitOptions = {},
  ): Promise<ReportedEvent> {
    const { within = 5000, begun = performance.now(), signal, since, phones, where } = options;
    checkDelay('within', within);
    const wanted = [events].flat().map((event) => parseEvent(String(event)));
    const matches = matcher({ events: wanted, phones, where });
    const mark = since ?? this.mark();
    let looked = 0;
    const ask = () => {
      const from = looked;
      looked = this.#record.count;
      return this.#take(matches, from, since);
    };
    const found = await this.#record.until(ask, {
      within: Math.max(0, within - (performance.now() - begun)),
      signal,
    });
    if (found !== undefined) return found;
    signal?.throwIfAborted();
    if (this.#record.closed) throw this.#reason ?? new AtcomError('receiver-closed', { events: wanted });
    const seen = this.since(mark, { phones }).map(({ phone, event }) => `${phone} ${event}`);
    const refused = this.refusedSince(mark).map(refusalText);
    const unclear = this.since(mark, { events: wanted, where }).filter(({ phone }) => isShared(phone));
    const shared = [...new Set(unclear.map(({ phone, event }) => `${phone} ${event}`))];
    const details = {
      events: wanted,
      within: formatDuration(within),
      seen,
      refused,
      ...(shared.length > 0 && { shared }),
    };
    throw new AtcomError('no-event', details);
  }

  /**
   * Closes the hub: iterators end after what they still hold, and waiters reject.
   *
   * @param reason - the error for waiters, instead of `receiver-closed`
   */
  close(reason?: AtcomError): void {
    this.#reason ??= reason;
    this.#record.close();
    for (const end of this.#iterators) end();
  }

  #tellGap(): void {
    this.#gap = this.#record.count;
    for (const listener of this.#onGap) listener(this.#inGap);
  }

  #sourceOf<T>(subscribe: ItemSource<T>['subscribe']): ItemSource<T> {
    return { subscribe, closed: () => this.#record.closed, onClose: this.#iterators };
  }

  /** Finds the first matching event after a number that no waiter has consumed, and consumes it. */
  #take(matches: Matches, after: number, since: number | undefined): ReportedEvent | undefined {
    const from = ({ phone }: ReportedEvent) =>
      since ?? Math.max(this.#cursors.get(phone) ?? 0, this.#forgotten);
    const found = this.#record
      .after(after)
      .find(({ number, event }) => number > from(event) && matches(event));
    if (found === undefined) return undefined;
    this.#cursors.set(found.event.phone, found.number);
    return found.event;
  }
}

function tellOnStderr(error: unknown, { phone, event }: ReportedEvent): void {
  const story = String(error instanceof Error ? error.stack : error);
  // It may contain text that a phone sent.
  const harmless = visibleLines(`${event} of ${phone}: ${story}`);
  try {
    writeSync(2, `atcom: a subscriber failed at ${harmless}\n`);
  } catch {
    // stderr is closed.
  }
}
