import { withoutPassword } from '../errors/passwords.ts';
import { AtcomError } from '../errors.ts';
import { targetMistake } from '../protocol/mistakes.ts';
import { type Model, modelsNamed } from '../protocol/models.ts';
import type { Effort } from './effort.ts';
import { countNames, expandWord, MOST_NAMES, tooMany, USUAL_LENGTH } from './nodeset.ts';
import { type Operator, splitTarget, type TargetWord, unreadable } from './words.ts';

/** The word for a virtual phone of this one command. */
export const VIRTUAL = 'virtual';

/** One word of a target, as written and as read; ranges are expanded. */
export type TargetTerm = { readonly text: string } & (
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'glob'; readonly patterns: readonly string[] }
  | { readonly kind: 'groups'; readonly names: readonly string[] }
  | { readonly kind: 'model'; readonly models: readonly Model[] }
  | { readonly kind: 'all' }
  | { readonly kind: typeof VIRTUAL }
);

/** A word with its operator. */
export interface TargetStep {
  readonly operator: Operator;
  readonly term: TargetTerm;
}

/** A parsed target; empty for empty text. */
export type TargetExpression = readonly TargetStep[];

/** Parsed targets by their text: each line of a file, and each profile of a config, asks for the same ones. */
const parsed = new Map<string, Parsed>();

interface Parsed {
  readonly expression: TargetExpression;
  /** How many words were empty. */
  readonly empty: number;
}

/** The maximum of characters and names, of 64 characters each, of all targets that are kept. */
const MOST_KEPT = 16_000_000;
let kept = 0;

/**
 * Parses a target. Operators are applied from left to right, have equal precedence, and there are no parentheses, as in
 * the extended patterns of nodeset(1): "String patterns are read from left to right, by proceeding any character
 * operators accordingly". So `a,b!a,a` is a and b. A group of the config can replace parentheses.
 *
 * ```
 * target = [word] { ("," | "!" | "&") word }      union, difference, intersection; `a,` is `a`, `a,!b` is `a!b`
 * word   = "@all" | "@model:" model | "@" group | "virtual" | glob | name | address
 * ```
 *
 * Names, groups and addresses take ranges, see {@link expandNodeset}. A word with `*` (any text) or `?` (any
 * character) is a glob over the names of the config. Brackets hold numbers only, never letters: `[1-2o]` as a class
 * of characters would silently press keys on the wrong phones.
 *
 * @param effort - counts the empty words, which are dropped; the others are counted where they are evaluated
 * @throws {AtcomError} `usage`, `unknown-model`, `invalid-address`
 */
export function parseTarget(text: string, effort?: Effort): TargetExpression {
  const { expression, empty } = parsed.get(text) ?? parse(text);
  effort?.look(empty);
  return expression;
}

function parse(text: string): Parsed {
  // An @ begins a group. Anywhere else it may end a password, which must not appear in a message.
  const shown = withoutPassword(text);
  if (shown !== text || /[^\s,!&]@/.test(text)) throw new AtcomError('invalid-address', { input: shown });
  const mistake = targetMistake(text);
  if (mistake !== undefined) throw unreadable(text, mistake.reason, mistake.hint);
  const { words, empty } = splitTarget(text);
  // Before the first name is created: each word alone may be small enough.
  const names = words.reduce((sum, word) => sum + countNames(word.text), 0);
  if (names > MOST_NAMES) throw tooMany(text);
  const read = { expression: words.map((word, index) => readStep(word, index, text)), empty };
  keep(text, read, text.length + names * USUAL_LENGTH);
  return read;
}

function keep(text: string, read: Parsed, size: number): void {
  if (kept + size > MOST_KEPT) {
    parsed.clear();
    kept = 0;
  }
  parsed.set(text, read);
  kept += size;
}

function readStep({ operator, text }: TargetWord, index: number, target: string): TargetStep {
  if (index === 0 && operator !== ',') {
    const hint = operator === '!' ? `write @all!${text}, or --exclude ${text}` : `write ${text} alone`;
    throw unreadable(target, `nothing stands before "${operator}"`, hint);
  }
  if (text === '') {
    throw unreadable(target, `nothing stands after "${operator}"`, 'name phones, or a group: lab-*!@floor1');
  }
  return { operator, term: readTerm(text) };
}

function readTerm(text: string): TargetTerm {
  if (text === VIRTUAL) return { kind: VIRTUAL, text };
  if (text === '@all') return { kind: 'all', text };
  if (text.startsWith('@model:')) {
    return { kind: 'model', text, models: modelsNamed(text.slice('@model:'.length)) };
  }
  if (text.startsWith('@')) return { kind: 'groups', text, names: expandWord(text.slice(1)) };
  // Names have no slash: a URL with a ? is a wrong address.
  return /[*?]/.test(text) && !text.includes('/')
    ? { kind: 'glob', text, patterns: expandWord(text) }
    : { kind: 'names', text, names: expandWord(text) };
}
