import type { ReportedEvent } from '../../protocol/reported-event.ts';
import { nextState } from './next.ts';
import { type PhoneState, UNHEARD } from './state.ts';

/** A state that differs from the one before. */
export interface StateChange {
  /** The phone's name; its address where no name is known. */
  readonly phone: string;
  /** The event that changed it. */
  readonly event: ReportedEvent;
  readonly state: PhoneState;
}

/** What an event says of the phone that it is of. */
export interface Identifiers {
  /** The address that its last event came from. */
  readonly source: string;
  /** Its `mac` and its `ip`, where it sends them. */
  readonly values: Readonly<Record<string, string>>;
}

/** A phone that reported something, with its identifiers: another program may know it by another name. */
export interface HeardPhone extends Identifiers {
  readonly phone: string;
  readonly state: PhoneState;
  /** All identifiers, where its events had several: another program may know several phones by them. */
  readonly also?: readonly Identifiers[];
}

/** Anyone who reaches the listener can invent phones, so their number is bounded. */
const MOST_PHONES = 10_000;

/** With more identifiers than this, what goes by one name is hardly one phone. */
const MOST_IDENTIFIERS = 50;

/** The states of all phones that reported something. */
export class PhoneStates {
  /** Ordered by the last event, the latest at the end. */
  readonly #heard = new Map<string, HeardPhone>();
  /** By phone and identifiers, with what was reported under these alone. */
  readonly #parts = new Map<string, HeardPhone>();
  readonly #listeners = new Set<(change: StateChange) => void>();

  /** The state of a phone. */
  of(phone: string): PhoneState {
    return this.#heard.get(phone)?.state ?? UNHEARD;
  }

  /** Every phone that reported something. */
  get heard(): readonly HeardPhone[] {
    return [...this.#heard.values()];
  }

  /**
   * Every phone for another program, to which an address may be several phones: first what was reported under each of
   * its identifiers, then all of it.
   */
  get told(): readonly HeardPhone[] {
    const parts = new Map<string, HeardPhone[]>();
    for (const part of this.#parts.values()) {
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
    const { mac = known?.values['mac'] ?? '', ip = known?.values['ip'] ?? '' } = values;
    put(this.#heard, phone, { phone, source, values: { mac, ip }, state });
    const only = { mac: values['mac'] ?? '', ip: values['ip'] ?? '' };
    const key = partKey(phone, only);
    const part = this.#parts.get(key);
    // Of most phones, all events have the same identifiers.
    const own = part?.state === known?.state ? state : nextState(part?.state ?? UNHEARD, event);
    put(this.#parts, key, { phone, source, values: only, state: own });
    if (known !== undefined && isSame(known.state, state)) return;
    for (const listener of this.#listeners) listener({ phone, event, state });
  }

  /** Merges states from another program; of two states of one phone, the later one wins. */
  adopt(heard: Iterable<HeardPhone>): void {
    const timeOf = ({ state }: HeardPhone) => Date.parse(state.heard?.time ?? '') || 0;
    for (const { also, ...one } of [...heard].sort((a, b) => timeOf(a) - timeOf(b))) {
      const known = this.#heard.get(one.phone);
      if (known !== undefined && timeOf(known) > timeOf(one)) continue;
      put(this.#heard, one.phone, one);
      if (also === undefined) put(this.#parts, partKey(one.phone, one.values), one);
    }
  }

  /** Calls back for every change from now on. Returns a function that unsubscribes. */
  subscribe(listener: (change: StateChange) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}

function partKey(phone: string, { mac = '', ip = '' }: Identifiers['values']): string {
  return JSON.stringify([phone, mac, ip]);
}

/** Puts it at the end; of too many, the first is forgotten. */
function put(all: Map<string, HeardPhone>, key: string, one: HeardPhone): void {
  all.delete(key);
  all.set(key, one);
  if (all.size <= MOST_PHONES) return;
  const [oldest = ''] = all.keys();
  all.delete(oldest);
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
