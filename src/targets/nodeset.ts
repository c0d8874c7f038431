import type { AtcomError } from '../errors.ts';
import { splitWords, unreadable } from './words.ts';

/** The maximum number of names in one text: a mistake such as `[1-999999999]` must not fill the memory. */
export const MOST_NAMES = 100_000;

/** Longer names count as several, because each takes as long as several. */
export const USUAL_LENGTH = 64;

/** The maximum length of a name, in characters; that of the DNS is 253. */
const LONGEST_NAME = 255;

/** A run of numbers in a bracket, such as `08-11` or `0-10/2`. */
interface Range {
  readonly first: number;
  readonly last: number;
  readonly step: number;
  /** Numbers are padded with zeros to this many digits; 0 for no padding. */
  readonly width: number;
}

/** Splits at brackets, and keeps them. */
const BRACKETS = /(\[[^[\]]*\])/;
/** Numbers of 15 digits are exact as a double. */
const RANGE = /^(\d{1,15})(?:-(\d{1,15})(?:\/(\d{1,15}))?)?$/;

/**
 * Expands a list with ranges to names, in their order, each once. The notation is that of
 * ClusterShell's nodeset(1) and pdsh: `lab-[01-12,20]`, steps `[0-10/2]`, several brackets in a name (the last one
 * counts fastest). Leading zeros are kept. A bracket with a colon is an IPv6 address and stays as it is.
 *
 * @throws {AtcomError} `usage`: a range that runs backwards or whose ends differ in width, a step of 0, an unbalanced
 * or empty bracket, more than 100,000 names, a name of more than 255 characters
 */
export function expandNodeset(text: string): readonly string[] {
  if (countNames(text) > MOST_NAMES) throw tooMany(text);
  const names = new Set<string>();
  for (const { operator, text: word } of splitWords(text)) {
    if (operator !== ',') {
      throw unreadable(text, `"${operator}" has no place in a list of names`, 'separate names with commas');
    }
    for (const name of expandWord(word)) names.add(name);
  }
  return [...names];
}

/**
 * Counts the names of a list with ranges without creating them; names that stand for one phone twice count twice, and
 * long ones as several.
 *
 * @throws {AtcomError} `usage` as {@link expandNodeset}, except for too many names
 */
export function countNames(text: string): number {
  return splitWords(text).reduce((sum, word) => sum + sizeOfParts(readParts(word.text)), 0);
}

/** The names of one word of {@link expandNodeset}. */
export function expandWord(word: string): readonly string[] {
  const parts = readParts(word);
  // Counted before the first name is created.
  if (sizeOfParts(parts) > MOST_NAMES) throw tooMany(word);
  return parts.reduce<readonly string[]>(
    (names, part) => {
      const texts = typeof part === 'string' ? [part] : [...new Set(part.flatMap(numbersOf))];
      return names.flatMap((name) => texts.map((text) => name + text));
    },
    [''],
  );
}

type Part = string | readonly Range[];

function readParts(word: string): readonly Part[] {
  const parts = word.split(BRACKETS).map((part, index) => {
    if (index % 2 === 1 && !part.includes(':')) return readRanges(part, word);
    if (!/\s/.test(part)) return part;
    throw unreadable(word, 'there is a blank inside it', 'join phones with , or ! or &');
  });
  if (lengthOf(parts) <= LONGEST_NAME) return parts;
  throw unreadable(
    word,
    `it names something with more than ${LONGEST_NAME} characters`,
    'separate names with commas',
  );
}

/** The length of the longest name. */
function lengthOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + (typeof part === 'string' ? part : longestOf(part)).length, 0);
}

function longestOf(ranges: readonly Range[]): string {
  const { last, width } = ranges.reduce((most, range) => (range.last > most.last ? range : most));
  return String(last).padStart(width, '0');
}

function sizeOfParts(parts: readonly Part[]): number {
  const weight = Math.max(1, Math.ceil(lengthOf(parts) / USUAL_LENGTH));
  return parts.reduce((product, part) => product * (typeof part === 'string' ? 1 : sizeOf(part)), weight);
}

function readRanges(bracket: string, word: string): readonly Range[] {
  return bracket
    .slice(1, -1)
    .split(',')
    .map((part) => readRange(part.trim(), word));
}

function readRange(text: string, word: string): Range {
  const [, from, to = from, by = '1'] = RANGE.exec(text) ?? [];
  if (from === undefined || to === undefined) {
    const reason = text === '' ? 'a number is missing' : `${JSON.stringify(text)} is no range`;
    throw unreadable(
      word,
      reason,
      'brackets hold numbers: [01-12,20] or [0-10/2]; for any text write * or ?',
    );
  }
  const [first, last, step] = [Number(from), Number(to), Number(by)];
  if (last < first) {
    throw unreadable(word, `${from}-${to} runs backwards`, `write ${to}-${from}`);
  }
  if (step === 0) {
    throw unreadable(word, 'a step of 0 goes nowhere', 'write [0-10/2] for 0, 2, 4, 6, 8, 10');
  }
  const padded = isPadded(from) || isPadded(to);
  // Like ClusterShell since 1.9: 08-011 could mean 08 or 008.
  if (padded && from.length !== to.length) {
    const width = Math.max(from.length, to.length);
    const hint = `write ${from.padStart(width, '0')}-${to.padStart(width, '0')}, or two ranges such as [01-99,100-120]`;
    throw unreadable(word, `the numbers of ${from}-${to} differ in width`, hint);
  }
  return { first, last, step, width: padded ? from.length : 0 };
}

/** Whether a number is padded with zeros. */
export function isPadded(digits: string): boolean {
  return digits.length > 1 && digits.startsWith('0');
}

function sizeOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { first, last, step }) => sum + Math.floor((last - first) / step) + 1, 0);
}

function numbersOf({ first, last, step, width }: Range): readonly string[] {
  const length = Math.floor((last - first) / step) + 1;
  return Array.from({ length }, (_, index) => String(first + index * step).padStart(width, '0'));
}

/** The error for text that stands for too many names. */
export function tooMany(text: string): AtcomError<'usage'> {
  const most = MOST_NAMES.toLocaleString('en');
  return unreadable(
    text,
    `it stands for more than ${most} names, or for fewer but long ones`,
    'write smaller ranges',
  );
}
