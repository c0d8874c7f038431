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

/**
 * Splits an expression at its operators, but not inside brackets. Spaces around words and empty words of a comma list
 * are dropped, so that `a,` is `a` and `a,!b` is `a!b`.
 *
 * @throws {AtcomError} `usage` for an unbalanced or nested bracket
 */
export function splitWords(text: string): readonly TargetWord[] {
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
  return words.filter((each) => each.operator !== ',' || each.text !== '');
}

/** The error for text that is not a list of names or not a target. */
export function unreadable(text: string, reason: string, hint: string): AtcomError<'usage'> {
  return new AtcomError('usage', { reason: `${quote(text)} cannot be read: ${reason}`, hint });
}
