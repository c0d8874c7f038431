import { type RefusedRequest, refusalText } from '../../receiver/index.ts';

/** A refused request, with what the phone at its address is called. */
export interface NamedRefusal {
  readonly request: RefusedRequest;
  readonly phone: string;
}

/** Whoever reaches a listener can make it refuse without end. */
const MOST = 10_000;

/**
 * What a listener refused while a phone played its part. Whose a request was may be known only later, when the phone
 * reports something from the same address.
 */
export class Refusals {
  /** By where they came from and after which event, the last of each. */
  readonly #all = new Map<string, NamedRefusal & { readonly after: number }>();
  readonly #isIts: (refusal: NamedRefusal) => boolean;

  /** @param isIts - whether one may be of the phone, as far as is known now */
  constructor(isIts: (refusal: NamedRefusal) => boolean) {
    this.#isIts = isIts;
  }

  /**
   * Adds one that came after the event of a number.
   *
   * @returns whether there was room
   */
  add(refusal: NamedRefusal, after: number): boolean {
    const key = `${after} ${refusal.request.source}`;
    if (this.#all.size >= MOST && !this.#all.has(key)) return false;
    this.#all.set(key, { ...refusal, after });
    return true;
  }

  /** What the phone asked for last between the events of two numbers; undefined if nothing of its was refused then. */
  between(from: number, to: number): string | undefined {
    const found = [...this.#all.values()].findLast(
      (refusal) => refusal.after >= from && refusal.after <= to && this.#isIts(refusal),
    );
    return found && refusalText(found.request);
  }
}
