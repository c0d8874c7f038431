import type { LeafStep } from '../scenario.ts';

/** The maximum of what the phones of a file do, each for itself: far more than a building of phones does in a scenario. */
const MOST_ACTIONS = 500_000;

/** The maximum of characters that say what they do. */
const MOST_SAID = 16_000_000;

/** How much the phones of a file do in all its combinations: repetitions make very much of few lines. */
export class Extent {
  #left = MOST_ACTIONS;
  #unsaid = MOST_SAID;

  /** Why there is no room for more. */
  get exceeded(): string | undefined {
    if (this.#left < 0) return `do more than ${MOST_ACTIONS} things (keys, expectations)`;
    return this.#unsaid < 0 ? `do what takes more than ${MOST_SAID} characters to say` : undefined;
  }

  /** Counts a step of so many phones. */
  add(phones: number, leaves: readonly LeafStep[]): void {
    this.#left -= phones;
    for (const leaf of leaves) {
      this.#unsaid -= leaf.text.length;
      if (leaf.kind === 'press') this.#left -= leaf.sequence.length;
    }
  }
}
