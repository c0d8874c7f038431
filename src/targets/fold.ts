import { isPadded } from './nodeset.ts';

/** A name split at its numbers; there is one text more than numbers. */
interface Pattern {
  readonly texts: readonly string[];
  /** Digits, or a bracket after folding. */
  readonly numbers: readonly string[];
}

interface Run {
  readonly first: string;
  last: string;
}

/** IPv6 addresses, which stay as they are, and runs of digits. */
const PIECES = /(\[[^[\]]*\]|\d+)/;
/** Longer numbers are not exact as a double, so they are treated as text. */
const MOST_DIGITS = 15;

/**
 * Folds names into ranges, in natural order: `lab-[01-11]`, `10.0.0.[5-9]`, `dc[1-2]n[1-4]`. {@link expandNodeset}
 * returns the same names, up to its limit. Like nodeset(1) by default, it writes no steps. The names come from the
 * config or are addresses, so none contains a comma, `!`, `&` or a space.
 */
export function foldNodeset(names: Iterable<string>): string {
  let patterns: readonly Pattern[] = [...new Set(names)].map(takeApart).sort(byNature);
  const most = patterns.reduce((max, { numbers }) => Math.max(max, numbers.length), 0);
  // From the last number to the first: `dc1n1 dc1n2 dc2n1 dc2n2` is dc1n[1-2],dc2n[1-2], then dc[1-2]n[1-2].
  for (let axis = most - 1; axis >= 0; axis -= 1) patterns = foldAxis(patterns, axis);
  return patterns.map(({ texts, numbers }) => join(texts, numbers)).join(',');
}

function takeApart(name: string): Pattern {
  const texts: string[] = [];
  const numbers: string[] = [];
  let text = '';
  for (const [index, piece] of name.split(PIECES).entries()) {
    if (index % 2 === 1 && piece.length <= MOST_DIGITS && !piece.startsWith('[')) {
      texts.push(text);
      numbers.push(piece);
      text = '';
    } else {
      text += piece;
    }
  }
  return { texts: [...texts, text], numbers };
}

function join(texts: readonly string[], numbers: readonly string[]): string {
  return texts.reduce((name, text, index) => name + (numbers[index - 1] ?? '') + text);
}

/** Merges patterns that differ in only one number. */
function foldAxis(patterns: readonly Pattern[], axis: number): readonly Pattern[] {
  // Different names with one number here differ elsewhere.
  if (patterns.every(({ numbers }) => numbers[axis] === patterns[0]?.numbers[axis])) return patterns;
  const alike = new Map<string, { readonly pattern: Pattern; readonly found: string[] }>();
  for (const pattern of patterns) {
    const number = pattern.numbers[axis];
    const key = join(
      pattern.texts,
      number === undefined ? pattern.numbers : pattern.numbers.with(axis, '\0'),
    );
    const entry = alike.get(key) ?? { pattern, found: [] };
    alike.set(key, entry);
    if (number !== undefined) entry.found.push(number);
  }
  return [...alike.values()].map(({ pattern: { texts, numbers }, found }) => ({
    texts,
    numbers: found.length > 1 ? numbers.with(axis, foldNumbers(found)) : numbers,
  }));
}

/**
 * Writes ascending numbers as ranges. Numbers with leading zeros form one series per width; 10 to 99 belong to it if 01
 * to 09 have that width. Numbers without leading zeros form another series. So `1 2 03 10` is `[1-2,03,10]`, as in
 * ClusterShell since 1.9.
 */
function foldNumbers(numbers: readonly string[]): string {
  const widths = new Set(numbers.filter(isPadded).map(({ length }) => length));
  const runs: Run[] = [];
  const open = new Map<number, Run>();
  for (const number of numbers) {
    const series = widths.has(number.length) ? number.length : 0;
    const run = open.get(series);
    if (run !== undefined && Number(number) === Number(run.last) + 1) {
      run.last = number;
    } else {
      const begun = { first: number, last: number };
      runs.push(begun);
      open.set(series, begun);
    }
  }
  return `[${runs.map(({ first, last }) => (first === last ? first : `${first}-${last}`)).join(',')}]`;
}

/** Sorts `lab-2` before `lab-10`, `1` before `01`, and a name before its continuations. */
function byNature(one: Pattern, other: Pattern): number {
  const length = Math.max(one.texts.length, other.texts.length);
  for (let index = 0; index < length; index += 1) {
    const order =
      byText(one.texts[index], other.texts[index]) || byNumber(one.numbers[index], other.numbers[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function byText(one = '', other = ''): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

function byNumber(one = '', other = ''): number {
  // A missing number is sorted before 0.
  return (one === '' ? -1 : Number(one)) - (other === '' ? -1 : Number(other)) || one.length - other.length;
}
