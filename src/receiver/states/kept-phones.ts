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

/** A phone between the one that was heard before it and the one that was heard after it. */
interface Entry {
  readonly key: string;
  one: HeardPhone;
  bytes: number;
  before: Entry | undefined;
  after: Entry | undefined;
}

/**
 * Phones in the order of their last event, the latest at the end. Of too many, those at the beginning are forgotten.
 *
 * The order is that of a list: to delete a key of a large Map and set it again makes V8 walk past all that it has deleted of
 * that key, for each event of a phone.
 */
export class KeptPhones {
  readonly #all = new Map<string, Entry>();
  #first: Entry | undefined;
  #last: Entry | undefined;
  /** Of all phones. */
  #bytes = 0;
  /**
   * The phones of which a feature is known, by name and by source. Anyone can have any number of requests refused, so a
   * refusal must find what it changes, and not look through all.
   */
  readonly #byName: Index = new Map();
  readonly #bySource: Index = new Map();

  get(key: string): HeardPhone | undefined {
    return this.#all.get(key)?.one;
  }

  /** Gives every phone another state. */
  changeAll(change: ChangeState): void {
    for (const entry of this.#all.values()) this.#change(entry, change);
  }

  /** Gives another state to the phones with that name or source of which a feature is known; without a source, to all. */
  changeKnowing(name: string, source: string, change: ChangeState): void {
    const having =
      source === '' ? this.#bySource.values() : [this.#byName.get(name), this.#bySource.get(source)];
    const entries = [...having].flatMap((some) => [...(some ?? [])]);
    for (const entry of new Set(entries)) this.#change(entry, change);
  }

  /** Every phone. */
  get phones(): readonly HeardPhone[] {
    const phones: HeardPhone[] = [];
    for (let entry = this.#first; entry !== undefined; entry = entry.after) phones.push(entry.one);
    return phones;
  }

  /** Puts it at the end. */
  put(key: string, one: HeardPhone): void {
    const known = this.#all.get(key);
    if (known === undefined) {
      const entry = { key, one, bytes: 0, before: undefined, after: undefined };
      this.#all.set(key, entry);
      this.#append(entry);
      this.#list(entry);
    } else {
      this.#become(known, one);
      this.#remove(known);
      this.#append(known);
    }
    while (this.#first !== undefined && (this.#all.size > MOST_PHONES || this.#bytes > MOST_BYTES))
      this.#forget(this.#first);
  }

  /** Replaces a phone where it is: nothing was heard of it. No state that it is given is larger. */
  #change(entry: Entry, change: ChangeState): void {
    const { one } = entry;
    const state = change(one.state);
    if (state !== one.state) this.#become(entry, { ...one, state });
  }

  #become(entry: Entry, one: HeardPhone): void {
    this.#unlist(entry);
    entry.one = one;
    this.#list(entry);
  }

  #forget(entry: Entry): void {
    this.#unlist(entry);
    this.#remove(entry);
    this.#all.delete(entry.key);
  }

  #append(entry: Entry): void {
    entry.before = this.#last;
    entry.after = undefined;
    if (this.#last === undefined) this.#first = entry;
    else this.#last.after = entry;
    this.#last = entry;
  }

  #remove({ before, after }: Entry): void {
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
  }

  #list(entry: Entry): void {
    const { one } = entry;
    entry.bytes = mostBytesOf(one);
    this.#bytes += entry.bytes;
    if (!knowsFeatures(one.state)) return;
    add(this.#byName, one.phone, entry);
    add(this.#bySource, one.source, entry);
  }

  #unlist(entry: Entry): void {
    this.#bytes -= entry.bytes;
    remove(this.#byName, entry.one.phone, entry);
    remove(this.#bySource, entry.one.source, entry);
  }
}

type ChangeState = (state: PhoneState) => PhoneState;

type Index = Map<string, Set<Entry>>;

function add(index: Index, word: string, entry: Entry): void {
  const entries = index.get(word);
  if (entries === undefined) index.set(word, new Set([entry]));
  else entries.add(entry);
}

function remove(index: Index, word: string, entry: Entry): void {
  const entries = index.get(word);
  if (entries?.delete(entry) === true && entries.size === 0) index.delete(word);
}
