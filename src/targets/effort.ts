import { AtcomError } from '../errors.ts';
import { MOST_NAMES, tooMany } from './nodeset.ts';

/** Phones that the words of a run may look at, all together; each word of `*,*,*` looks at every phone there is. */
const MOST_LOOKS = 2_000_000;

/** Groups inside groups. */
const DEEPEST = 50;

/** How much the targets of one run have asked for so far. A single word is small; a kilobyte of them need not be. */
export class Effort {
  #names = 0;
  #looks = 0;

  /**
   * Counts the names that a word with ranges stands for.
   *
   * @throws {AtcomError} `usage` for more than 100,000 in one run
   */
  name(word: string, count: number): void {
    if (count > 1) this.#names += count;
    if (this.#names > MOST_NAMES) throw tooMany(word);
    this.look(count);
  }

  /**
   * Counts phones that are looked at.
   *
   * @throws {AtcomError} `usage` for too many
   */
  look(phones: number): void {
    this.#looks += phones;
    if (this.#looks > MOST_LOOKS)
      throw tooMuch('it looks through all phones again and again', 'use fewer words');
  }

  /** @throws {AtcomError} `usage` where groups are too deep inside of each other */
  enter(groups: readonly string[]): void {
    if (groups.length <= DEEPEST) return;
    throw tooMuch(`groups are nested more than ${DEEPEST} deep`, 'let groups name phones');
  }
}

function tooMuch(reason: string, hint: string): AtcomError<'usage'> {
  return new AtcomError('usage', { reason: `the target is too large: ${reason}`, hint });
}
