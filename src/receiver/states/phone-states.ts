import { type CallIdentity, callNumber } from '../../call-identity.ts';
import { endOf } from '../../protocol/effects.ts';
import type { ReportedEvent } from '../../protocol/reported-event.ts';
import { type HeardPhone, type Identifiers, KeptPhones } from './kept-phones.ts';
import { nextState } from './next.ts';
import { afterGap, afterRefusal, MOST_OVER, type PhoneCall, type PhoneState, UNHEARD } from './state.ts';

/** A state that differs from the one before. */
export interface StateChange {
  /** The phone's name; its address where no name is known. */
  readonly phone: string;
  /** The event that changed it. */
  readonly event: ReportedEvent;
  readonly state: PhoneState;
}

/** With more identifiers than this, what goes by one name is hardly one phone. */
const MOST_IDENTIFIERS = 50;

/** The states of all phones that reported something. */
export class PhoneStates {
  readonly #heard = new KeptPhones();
  /** By phone and identifiers, with what was reported under these alone. */
  readonly #parts = new KeptPhones();
  readonly #listeners = new Set<(change: StateChange) => void>();

  /** The state of a phone. */
  of(phone: string): PhoneState {
    return this.#heard.get(phone)?.state ?? UNHEARD;
  }

  /** The calls of a phone that ended last. */
  over(phone: string): readonly CallIdentity[] {
    return this.#heard.get(phone)?.over ?? [];
  }

  /** The address that the last event of a phone came from. */
  sourceOf(phone: string): string | undefined {
    return this.#heard.get(phone)?.source;
  }

  /** Every phone that reported something. */
  get heard(): readonly HeardPhone[] {
    return this.#heard.phones;
  }

  /**
   * Every phone for another program, to which an address may be several phones: first what was reported under each of
   * its identifiers, then all of it.
   */
  get told(): readonly HeardPhone[] {
    const parts = new Map<string, HeardPhone[]>();
    for (const part of this.#parts.phones) {
      const others = parts.get(part.phone);
      if (others === undefined) parts.set(part.phone, [part]);
      else others.push(part);
    }
    return this.heard.flatMap((one) => {
      const own = parts.get(one.phone) ?? [];
      if (own.length < 2) return [one];
      const also = own.map(({ source, values }) => ({ source, values }));
      return also.length > MOST_IDENTIFIERS ? own : [...own, { ...one, also }];
    });
  }

  /** Applies an event, and calls back if it changed the state. */
  take(event: ReportedEvent): void {
    const { phone, source, values } = event;
    const known = this.#heard.get(phone);
    const state = nextState(known?.state ?? UNHEARD, event);
    const mac = identifier(values['mac'] ?? known?.values['mac']);
    const ip = identifier(values['ip'] ?? known?.values['ip']);
    const over = overAfter(known, state, event);
    this.#heard.put(phone, { phone, source, values: { mac, ip }, state, over });
    const only = { mac: identifier(values['mac']), ip: identifier(values['ip']) };
    const key = partKey(phone, only);
    const part = this.#parts.get(key);
    // Of most phones, all events have the same identifiers.
    const own = part?.state === known?.state ? state : nextState(part?.state ?? UNHEARD, event);
    this.#parts.put(key, { phone, source, values: only, state: own, over: overAfter(part, own, event) });
    if (known !== undefined && isSame(known.state, state)) return;
    for (const listener of this.#listeners) listener({ phone, event, state });
  }

  /** Merges states from another program; of two states of one phone, the later one wins. */
  adopt(heard: Iterable<HeardPhone>): void {
    const timeOf = ({ state }: HeardPhone) => Date.parse(state.heard?.time ?? '') || 0;
    for (const { also, ...one } of [...heard].sort((a, b) => timeOf(a) - timeOf(b))) {
      const merge = (all: KeptPhones, key: string) => {
        const known = all.get(key);
        const isLater = known !== undefined && timeOf(known) > timeOf(one);
        // The one that is earlier may know of calls that are over, too.
        all.put(key, isLater ? withOver(one, known) : withOver(known, one));
      };
      merge(this.#heard, one.phone);
      if (also === undefined) merge(this.#parts, partKey(one.phone, one.values));
    }
  }

  /** Events may have been lost. */
  doubt(): void {
    const change = onceEach(afterGap);
    for (const all of [this.#heard, this.#parts]) all.changeAll(change);
  }

  /** What a phone reported was refused. */
  doubtFeatures(phone: string, source: string): void {
    const change = onceEach(afterRefusal);
    for (const all of [this.#heard, this.#parts]) all.changeKnowing(phone, source, change);
  }

  /** Calls back for every change from now on. Returns a function that unsubscribes. */
  subscribe(listener: (change: StateChange) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}

/** A phone and its parts that have one state have one afterwards, too. */
function onceEach(change: (state: PhoneState) => PhoneState): (state: PhoneState) => PhoneState {
  const changed = new Map<PhoneState, PhoneState>();
  return (state) => {
    const now = changed.get(state) ?? change(state);
    changed.set(state, now);
    return now;
  };
}

/** The calls that are over after one more event: those that were, and those that it ends, known or not. */
function overAfter(
  before: HeardPhone | undefined,
  { calls }: PhoneState,
  { event, values }: ReportedEvent,
): readonly CallIdentity[] {
  const { calls: were = [] } = before?.state ?? {};
  const gone = were.filter((call) => !calls.includes(call));
  // A call that is answered by somebody else than was called goes on, under another number and with another side.
  const ended = calls.length < were.length ? gone : gone.map(({ id }) => ({ id, peer: null }));
  const own = endOf(event) === undefined ? [] : [{ id: callNumber(values), peer: null }];
  return latest([...(before?.over ?? []), ...ended, ...own], calls);
}

/** What was known of a phone to be over is so still, after another listener has begun to tell of it. */
function withOver(known: HeardPhone | undefined, one: HeardPhone): HeardPhone {
  if (known?.over === undefined) return one;
  return { ...one, over: latest([...known.over, ...(one.over ?? [])], one.state.calls) };
}

/** Each call once, where it is told of last, without those that tell nothing or that the phone has again. */
function latest(over: readonly CallIdentity[], calls: readonly PhoneCall[]): readonly CallIdentity[] {
  const all = new Map<string, CallIdentity>();
  for (const { id, peer } of over) {
    if (id === null && peer === null) continue;
    if (calls.some((call) => call.id === id && (id !== null || call.peer === peer))) continue;
    const key = id === null ? `with ${peer}` : `number ${id}`;
    const side = peer ?? all.get(key)?.peer ?? null;
    all.delete(key);
    all.set(key, { id, peer: side });
  }
  return [...all.values()].slice(-MOST_OVER);
}

/** No MAC and no address is longer. */
const LONGEST = 100;

/** What is too long is none: V8 compares all texts of more than 16,383 characters with each other to find one in a Map. */
function identifier(text = ''): string {
  return text.length > LONGEST ? '' : text;
}

function partKey(phone: string, { mac = '', ip = '' }: Identifiers['values']): string {
  return JSON.stringify([phone, mac, ip]);
}

/** Whether nothing changed but when the phone was heard. */
function isSame(one: PhoneState, other: PhoneState): boolean {
  const keys = Object.keys(one) as (keyof PhoneState)[];
  return keys.every((key) => key === 'heard' || isEqual(one[key], other[key]));
}

/** Compares plain data. Every event comes through here, and this takes half as long as `isDeepStrictEqual`. */
function isEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (!isObject(one) || !isObject(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => isEqual(one[key], other[key]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
