import { mostBytesOf } from './most-bytes.ts';
import type { PhoneState } from './state.ts';

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
  /** The numbers of the calls that ended last, the latest at the end: a late event of one proves nothing. */
  readonly over?: readonly string[];
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

  get(key: string): HeardPhone | undefined {
    return this.#all.get(key);
  }

  /** Replaces phones by what they have become, each where it is: nothing was heard of them. That is never larger. */
  change(become: (one: HeardPhone) => HeardPhone): void {
    for (const [key, one] of this.#all) {
      const now = become(one);
      if (now === one) continue;
      this.#bytes -= this.#sizes.get(key) ?? 0;
      const size = mostBytesOf(now);
      this.#all.set(key, now);
      this.#sizes.set(key, size);
      this.#bytes += size;
    }
  }

  /** Every phone. */
  get phones(): readonly HeardPhone[] {
    return [...this.#all.values()];
  }

  /** Puts it at the end. */
  put(key: string, one: HeardPhone): void {
    this.#forget(key);
    const size = mostBytesOf(one);
    this.#all.set(key, one);
    this.#sizes.set(key, size);
    this.#bytes += size;
    while (this.#all.size > MOST_PHONES || this.#bytes > MOST_BYTES) {
      const [oldest = ''] = this.#all.keys();
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    this.#bytes -= this.#sizes.get(key) ?? 0;
    this.#sizes.delete(key);
    this.#all.delete(key);
  }
}
