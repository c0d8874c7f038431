import type { CallIdentity } from '../../call-identity.ts';
import { mostBytesOf } from './most-bytes.ts';
import { knowsFeatures, type PhoneState } from './state.ts';

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
  /** The calls that ended last, the latest at the end: a late event of one proves nothing. */
  readonly over?: readonly CallIdentity[];
  /** All identifiers, where its events had several: another program may know several phones by them. */
  readonly also?: readonly Identifiers[];
}

/** Anyone who reaches the listener can invent phones, so their number is bounded. */
const MOST_PHONES = 10_000;

/**
 * Invented phones can each have many calls with long names, and all of it is told to every program and page that comes,
 * so its size is bounded, too: in bytes of JSON, of which an ordinary phone takes about 1000.
 */
const MOST_BYTES = 12 * 1024 * 1024;

/** Phones in the order of their last event, the latest at the end. Of too many, those at the beginning are forgotten. */
export class KeptPhones {
  readonly #all = new Map<string, HeardPhone>();
  readonly #sizes = new Map<string, number>();
  /** Of all phones. */
  #bytes = 0;
  /**
   * The phones of which a feature is known, by name and by source. Anyone can have any number of requests refused, so a
   * refusal must find what it changes, and not look through all.
   */
  readonly #byName = new Map<string, Set<string>>();
  readonly #bySource = new Map<string, Set<string>>();

  get(key: string): HeardPhone | undefined {
    return this.#all.get(key);
  }

  /** Gives every phone another state. */
  changeAll(change: ChangeState): void {
    for (const key of this.#all.keys()) this.#change(key, change);
  }

  /** Gives another state to the phones with that name or source of which a feature is known. */
  changeKnowing(name: string, source: string, change: ChangeState): void {
    const keys = [...(this.#byName.get(name) ?? []), ...(this.#bySource.get(source) ?? [])];
    for (const key of new Set(keys)) this.#change(key, change);
  }

  /** Every phone. */
  get phones(): readonly HeardPhone[] {
    return [...this.#all.values()];
  }

  /** Puts it at the end. */
  put(key: string, one: HeardPhone): void {
    this.#forget(key);
    this.#set(key, one);
    while (this.#all.size > MOST_PHONES || this.#bytes > MOST_BYTES) {
      const [oldest = ''] = this.#all.keys();
      this.#forget(oldest);
    }
  }

  /** Replaces a phone where it is: nothing was heard of it. No state that it is given is larger. */
  #change(key: string, change: ChangeState): void {
    const one = this.#all.get(key);
    if (one === undefined) return;
    const state = change(one.state);
    if (state === one.state) return;
    this.#unlist(key, one);
    this.#set(key, { ...one, state });
  }

  #set(key: string, one: HeardPhone): void {
    const size = mostBytesOf(one);
    this.#all.set(key, one);
    this.#sizes.set(key, size);
    this.#bytes += size;
    if (!knowsFeatures(one.state)) return;
    add(this.#byName, one.phone, key);
    add(this.#bySource, one.source, key);
  }

  #forget(key: string): void {
    const one = this.#all.get(key);
    if (one === undefined) return;
    this.#unlist(key, one);
    this.#all.delete(key);
  }

  #unlist(key: string, one: HeardPhone): void {
    this.#bytes -= this.#sizes.get(key) ?? 0;
    this.#sizes.delete(key);
    remove(this.#byName, one.phone, key);
    remove(this.#bySource, one.source, key);
  }
}

type ChangeState = (state: PhoneState) => PhoneState;

type Index = Map<string, Set<string>>;

function add(index: Index, word: string, key: string): void {
  const keys = index.get(word);
  if (keys === undefined) index.set(word, new Set([key]));
  else keys.add(key);
}

function remove(index: Index, word: string, key: string): void {
  const keys = index.get(word);
  if (keys?.delete(key) === true && keys.size === 0) index.delete(word);
}
