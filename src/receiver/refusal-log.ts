import { type RefusedRequest, refusalKey } from './refusal.ts';

/** How many refusals are kept: enough to report, too few for a stranger to fill the memory. */
const KEPT = 200;

/** @param phone - the phone at the address that the request came from, or that address */
export type RefusalListener = (refusal: RefusedRequest, phone: string) => void;

/** The latest refusals, each kind once. */
export class RefusalLog {
  /** The newest last, with the number of its last time. */
  readonly #last = new Map<string, { readonly number: number; readonly refusal: RefusedRequest }>();
  readonly #listeners = new Set<RefusalListener>();

  /** Adds a refusal, with what the phone at its address is called, under a number. */
  add(refusal: RefusedRequest, phone: string, number: number): void {
    const key = refusalKey(refusal);
    this.#last.delete(key);
    this.#last.set(key, { number, refusal });
    const [oldest = ''] = this.#last.keys();
    if (this.#last.size > KEPT) this.#last.delete(oldest);
    for (const listener of this.#listeners) listener(refusal, phone);
  }

  /** What was refused after a number, oldest first. */
  after(number: number): readonly RefusedRequest[] {
    const all = [...this.#last.values()];
    return all.slice(all.findLastIndex((one) => one.number <= number) + 1).map(({ refusal }) => refusal);
  }

  /** Calls back for every refusal from now on. Returns a function that unsubscribes. */
  subscribe(listener: RefusalListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}
