import { AtcomError } from '../errors.ts';

/** Union, difference, intersection. */
export type Operator = ',' | '!' | '&';

/** A word of an expression and what stands before it; a comma before the first. */
export interface TargetWord {
  readonly operator: Operator;
  readonly text: string;
}

/** A whole bracket, an operator, plain text, or a bracket without its other half. */
const TOKEN = /\[[^[\]]*\]|[,!&]|[^[\],!&]+|[[\]]/g;

/**
 * Takes an expression apart at its operators; inside brackets they mean nothing. Blanks around words are dropped,
 * and so are empty words of a comma list, so that `a,` is `a` and `a,!b` is `a!b`.
 *
 * @throws {AtcomError} `usage` for a bracket that is not closed, not opened, or stands in another
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

/** The error for text that is no list of names or no target. */
export function unreadable(text: string, reason: string, hint: string): AtcomError<'usage'> {
  const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
  return new AtcomError('usage', { reason: `${shown} cannot be read: ${reason}`, hint });
}
