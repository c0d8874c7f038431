import { distance } from 'fastest-levenshtein';

/** Nobody mistypes a longer word, in characters; a file of thousands of them would be compared for minutes. */
export const LONGEST = 64;

/**
 * The candidates closest to a mistyped word: all with the smallest distance, at most three; none if more than a third
 * of the letters differ, or one of them is a single letter. All equally close ones are returned, because `REBOOK` and `REBOOT` are one letter apart and
 * only the user knows which was meant.
 */
export function closest(input: string, candidates: readonly string[]): readonly string[] {
  if (input.length > LONGEST) return [];
  const wanted = input.toUpperCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  const scored = candidates
    // Never closer than by what one is longer than the other: a long word need not be compared with short ones.
    .filter(({ length }) => Math.abs(length - wanted.length) <= limit)
    .map((candidate) => ({ candidate, score: slips(wanted, candidate.toUpperCase()) }))
    // Any letter is one slip from any other.
    .filter(
      ({ candidate, score }) =>
        score === 0 || (score <= limit && Math.min(candidate.length, wanted.length) > 1),
    );
  const best = scored.reduce((least, { score }) => Math.min(least, score), limit);
  return scored
    .filter(({ score }) => score === best)
    .map(({ candidate }) => candidate)
    .slice(0, 3);
}

/** Whether a word may be another one with one letter wrong, missing, too much or swapped. */
export function isSlip(input: string, meant: string): boolean {
  return Math.abs(input.length - meant.length) <= 1 && slips(input, meant) <= 1;
}

/** The edit distance, in which two swapped letters, the most common mistake, count as one. */
function slips(wanted: string, candidate: string): number {
  const apart = distance(wanted, candidate);
  return apart === 2 && wanted.length === candidate.length && isMoved(wanted, candidate) ? 1 : apart;
}

/**
 * Whether two words of one length that are two letters apart have the same letters: two of them are swapped, or one is
 * elsewhere. Thousands of names may be compared, so none is sorted for it.
 */
function isMoved(word: string, other: string): boolean {
  let [from, to] = [0, word.length];
  while (word[from] === other[from]) from += 1;
  while (word[to - 1] === other[to - 1]) to -= 1;
  const [one, two] = [word.slice(from, to), other.slice(from, to)];
  return moved(one) === two || moved(two) === one || swapped(one) === two;
}

const moved = (word: string) => word.slice(1) + word.slice(0, 1);

const swapped = (word: string) => word.slice(-1) + word.slice(1, -1) + word.slice(0, 1);
