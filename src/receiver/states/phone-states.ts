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

/** A phone that reported something, with its identifiers: another program may know it by another name. */
export interface HeardPhone {
  readonly phone: string;
  /** The address that its last event came from. */
  readonly source: string;
  /** Its `mac` and its `ip`, where it sends them. */
  readonly values: Readonly<Record<string, string>>;
  readonly state: PhoneState;
}

/** Anyone who reaches the listener can invent phones, so their number is bounded. */
const MOST_PHONES = 10_000;

/** The states of all phones that reported something. */
export class PhoneStates {
  /** Ordered by the last event, the latest at the end. */
  readonly #heard = new Map<string, HeardPhone>();
  readonly #listeners = new Set<(change: StateChange) => void>();

  /** The state of a phone. */
  of(phone: string): PhoneState {
    return this.#heard.get(phone)?.state ?? UNHEARD;
  }

  /** Every phone that reported something. */
  get heard(): readonly HeardPhone[] {
    return [...this.#heard.values()];
  }

  /** Applies an event, and calls back if it changed the state. */
  take(event: ReportedEvent): void {
    const { phone, source, values } = event;
    const known = this.#heard.get(phone);
    const state = nextState(known?.state ?? UNHEARD, event);
    const { mac = known?.values['mac'] ?? '', ip = known?.values['ip'] ?? '' } = values;
    this.#put({ phone, source, values: { mac, ip }, state });
    if (known !== undefined && isSame(known.state, state)) return;
    for (const listener of this.#listeners) listener({ phone, event, state });
  }

  /** Merges states from another program; of two states of one phone, the later one wins. */
  adopt(heard: Iterable<HeardPhone>): void {
    const timeOf = ({ state }: HeardPhone) => Date.parse(state.heard?.time ?? '') || 0;
    for (const one of [...heard].sort((a, b) => timeOf(a) - timeOf(b))) {
      const known = this.#heard.get(one.phone);
      if (known === undefined || timeOf(known) <= timeOf(one)) this.#put(one);
    }
  }

  /** Calls back for every change from now on. Returns a function that unsubscribes. */
  subscribe(listener: (change: StateChange) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #put(one: HeardPhone): void {
    this.#heard.delete(one.phone);
    this.#heard.set(one.phone, one);
    if (this.#heard.size <= MOST_PHONES) return;
    const [oldest = ''] = this.#heard.keys();
    this.#heard.delete(oldest);
  }
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
