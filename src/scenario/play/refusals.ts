import { type RefusedRequest, refusalText } from '../../receiver/index.ts';

/** A refused request, with what the phone at its address is called. */
export interface NamedRefusal {
  readonly request: RefusedRequest;
  readonly phone: string;
}

/** Refusals of one address within so many milliseconds are kept as one: whoever reaches a listener can cause any number. */
const TOGETHER = 100;

/** How many are kept. */
const MOST = 10_000;

/** Some refusals of one address, with when the first and the last came. */
interface Kept extends NamedRefusal {
  readonly first: number;
  readonly last: number;
}

/**
 * What a listener refused while a phone played its part. Whose a request was may be known only later, when the phone
 * reports something from the same address. All times are of `performance.now()`.
 */
export class Refusals {
  readonly #all = new Map<string, Kept>();
  readonly #isIts: (refusal: NamedRefusal) => boolean;

  /** @param isIts - whether one may be of the phone, as far as is known now */
  constructor(isIts: (refusal: NamedRefusal) => boolean) {
    this.#isIts = isIts;
  }

  /**
   * Adds one that comes now.
   *
   * @returns whether there was room
   */
  add(refusal: NamedRefusal): boolean {
    const now = performance.now();
    const key = `${Math.floor(now / TOGETHER)} ${refusal.request.source}`;
    const known = this.#all.get(key);
    if (known === undefined && this.#all.size >= MOST) return false;
    this.#all.set(key, { ...refusal, first: known?.first ?? now, last: now });
    return true;
  }

  /** What the phone asked for last between two times; undefined if nothing of its was refused then. */
  between(from: number, to: number): string | undefined {
    const found = [...this.#all.values()].findLast(
      (refusal) => refusal.last >= from && refusal.first <= to && this.#isIts(refusal),
    );
    return found && refusalText(found.request);
  }
}
