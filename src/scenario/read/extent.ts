import type { LeafStep } from '../scenario.ts';

/** The maximum of what the phones of a file do, each for itself: far more than a building of phones does in a scenario. */
export const MOST_ACTIONS = 500_000;

/** How much the phones of a file do in all its combinations: repetitions make very much of few lines. */
export class Extent {
  #left = MOST_ACTIONS;

  /** Whether there is no room for more. */
  get isExceeded(): boolean {
    return this.#left < 0;
  }

  /** Counts a step of so many phones. */
  add(phones: number, leaves: readonly LeafStep[]): void {
    this.#left -= phones;
    for (const leaf of leaves) if (leaf.kind === 'press') this.#left -= leaf.sequence.length;
  }
}
