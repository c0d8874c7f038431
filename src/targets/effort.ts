import { AtcomError } from '../errors.ts';
import { MOST_NAMES, tooMany } from './nodeset.ts';

/**
 * The maximum number of phones that all targets of a run may examine; each word of `*,*,*` examines every phone there
 * is.
 */
const MOST_LOOKS = 2_000_000;

/** The maximum nesting of groups. */
const DEEPEST = 50;

/** The work that the targets of one run have caused so far. One word is small; a kilobyte of words need not be. */
export class Effort {
  #names = 0;
  #looks = 0;

  /**
   * Counts the names that a word with ranges expands to.
   *
   * @throws {AtcomError} `usage` for more than 100,000 in one run
   */
  name(word: string, count: number): void {
    if (count > 1) this.#names += count;
    if (this.#names > MOST_NAMES) throw tooMany(word);
    this.look(count);
  }

  /**
   * Counts the phones that are examined.
   *
   * @throws {AtcomError} `usage` if there are too many
   */
  look(phones: number): void {
    this.#looks += phones;
    if (this.#looks > MOST_LOOKS)
      throw tooMuch('it looks through all phones again and again', 'use fewer words');
  }

  /** @throws {AtcomError} `usage` if groups are nested too deeply */
  enter(groups: readonly string[]): void {
    if (groups.length <= DEEPEST) return;
    throw tooMuch(`groups are nested more than ${DEEPEST} deep`, 'let groups name phones');
  }
}

function tooMuch(reason: string, hint: string): AtcomError<'usage'> {
  return new AtcomError('usage', { reason: `the target is too large: ${reason}`, hint });
}
