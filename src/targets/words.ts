import { quote } from '../errors/passwords.ts';
import { AtcomError } from '../errors.ts';

/** Union, difference, intersection. */
export type Operator = ',' | '!' | '&';

/** A word of an expression with the operator before it; a comma for the first word. */
export interface TargetWord {
  readonly operator: Operator;
  readonly text: string;
}

/** A bracket, an operator, plain text, or an unbalanced bracket. */
const TOKEN = /\[[^[\]]*\]|[,!&]|[^[\],!&]+|[[\]]/g;

/** The words of an expression, see {@link splitTarget}. */
export function splitWords(text: string): readonly TargetWord[] {
  return splitTarget(text).words;
}

/**
 * Splits an expression at its operators, but not inside brackets. Spaces around words and empty words of a comma list
 * are dropped, so that `a,` is `a` and `a,!b` is `a!b`; there may be thousands of these, so they are counted.
 *
 * @throws {AtcomError} `usage` for an unbalanced or nested bracket
 */
export function splitTarget(text: string): { readonly words: readonly TargetWord[]; readonly empty: number } {
  const words: TargetWord[] = [];
  let operator: Operator = ',';
  let word = '';
  for (const token of text.match(TOKEN) ?? []) {
    if (token === '[' || token === ']') {
      const reason = `${token} has no ${token === '[' ? ']' : '['}`;
      throw unreadable(text, reason, 'a range is written lab-[01-12,20]');
    }
    if (token === ',' || token === '!' || token === '&') {
      words.push({ operator, text: word.trim() });
      operator = token;
      word = '';
    } else {
      word += token;
    }
  }
  words.push({ operator, text: word.trim() });
  const written = words.filter((each) => each.operator !== ',' || each.text !== '');
  return { words: written, empty: words.length - written.length };
}

/** The error for text that is not a list of names or not a target. */
export function unreadable(text: string, reason: string, hint: string): AtcomError<'usage'> {
  return new AtcomError('usage', { reason: `${quote(text)} cannot be read: ${reason}`, hint });
}
