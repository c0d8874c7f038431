import { AtcomError } from '../errors.ts';
import { LONGEST } from '../protocol/suggest.ts';
import { MOST_NAMES, tooMany } from './nodeset.ts';

/**
 * The maximum number of phones that all targets of a run may examine; each word of `*,*,*` examines every phone there
 * is.
 */
const MOST_LOOKS = 2_000_000;

/** The maximum number of phones that all targets of a config, or all lines of a file, may examine. */
const MOST_TOGETHER = 5_000_000;

/** The maximum number of phones that all lines of a file may select, each as often as it is selected. */
const MOST_SELECTED = 500_000;

/** To read an address of a range takes as long as to look at so many phones. */
const NAMING = 10;

/** To compare a misspelt word with a name takes as long as to look at a phone for each of so many letters of it. */
const COMPARED = 16;

/** To tell a mistake within a group, of which each group around it tells one more, takes as long as to look at so many phones. */
const TELLING = 200;

/** The maximum nesting of groups. */
const DEEPEST = 50;

/** How many phones the targets of several runs have examined so far, such as those of all lines of a file. */
export interface Looks {
  count: number;
  /** How many phones were selected. */
  selected?: number;
}

/**
 * Checks what several targets have examined so far. Their own errors may mean that they select nothing; this one never
 * does.
 *
 * @param what - names them in the message
 * @throws {AtcomError} `usage` if there are too many
 */
export function checkLooks({ count }: Looks, what: string, hint: string): void {
  if (count <= MOST_TOGETHER) return;
  const most = MOST_TOGETHER.toLocaleString('en');
  const reason = `${what} are too large together: they look through more than ${most} phones`;
  throw new AtcomError('usage', { reason, hint });
}

/**
 * Checks how many phones all lines of a file have selected so far; what each of them is to press takes time as well.
 *
 * @throws {AtcomError} `usage` if there are too many
 */
export function checkSelected({ selected = 0 }: Looks, what: string, hint: string): void {
  if (selected <= MOST_SELECTED) return;
  const most = MOST_SELECTED.toLocaleString('en');
  throw new AtcomError('usage', { reason: `${what} select more than ${most} phones in all`, hint });
}

/** @throws {AtcomError} `usage` if all targets of a config have examined too many phones */
export function checkConfigTargets(looks: Looks): void {
  checkLooks(
    looks,
    'the targets of the config (default, groups, profiles, credentials)',
    'use fewer globs, ranges and @all in them, correct groups that are wrong, or divide the config',
  );
}

/** The work that the targets of one run have caused so far. One word is small; a kilobyte of words need not be. */
export class Effort {
  readonly #together: Looks | undefined;
  #names = 0;
  #looks = 0;
  #isOver = false;

  /** @param together - counts the phones of several runs */
  constructor(together?: Looks) {
    this.#together = together;
  }

  /**
   * Counts the names that a word with ranges expands to.
   *
   * @throws {AtcomError} `usage` for more than 100,000 in one run
   */
  name(word: string, count: number): void {
    if (count > 1) this.#names += count;
    if (this.#names > MOST_NAMES) throw this.#end(tooMany(word));
    this.look(count > 1 ? NAMING * count : count);
  }

  /**
   * Counts the phones that are examined.
   *
   * @throws {AtcomError} `usage` if there are too many
   */
  look(phones: number): void {
    this.#count(phones);
    if (this.#looks > MOST_LOOKS)
      throw this.#end(tooMuch('it looks through all phones again and again', 'use fewer words'));
  }

  /**
   * Counts the names that a misspelt word is compared with.
   *
   * @throws {AtcomError} `usage` if there are too many
   */
  compare(word: string, names: number): void {
    this.look(names * Math.ceil(Math.min(word.length, LONGEST) / COMPARED));
  }

  /** Counts a mistake within a group. It is told all the same; the next look may be one too many. */
  tell(): void {
    this.#count(TELLING);
  }

  /** Whether it was too much: an error then says nothing of what a target selects. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** @throws {AtcomError} `usage` if groups are nested too deeply */
  enter(groups: readonly string[]): void {
    if (groups.length <= DEEPEST) return;
    throw this.#end(tooMuch(`groups are nested more than ${DEEPEST} deep`, 'let groups name phones'));
  }

  #count(phones: number): void {
    this.#looks += phones;
    if (this.#together !== undefined) this.#together.count += phones;
  }

  #end(error: AtcomError<'usage'>): AtcomError<'usage'> {
    this.#isOver = true;
    return error;
  }
}

function tooMuch(reason: string, hint: string): AtcomError<'usage'> {
  return new AtcomError('usage', { reason: `the target is too large: ${reason}`, hint });
}
