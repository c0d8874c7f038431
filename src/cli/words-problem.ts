import { CommanderError } from '@commander-js/extra-typings';
import { type AtcomError, isAtcomError } from '../errors.ts';
import { longDash, pastedMistake } from '../protocol/mistakes.ts';

/** What is wrong with the words, and the remedy. */
export interface WordsProblem {
  readonly reason: string;
  readonly hint: string | undefined;
}

/** What is wrong with the words of a command; undefined for any other error. */
export function wordsProblem(error: unknown, words: readonly string[]): WordsProblem | undefined {
  const dash = dashProblem(error, words);
  if (dash !== undefined) return dash;
  if (isAtcomError(error)) return { reason: error.message, hint: error.hint };
  if (!(error instanceof CommanderError)) return undefined;
  const [reason = '', hint] = error.message.replace(/^error: /, '').split('\n');
  return { reason, hint: hint?.replace(/^\((.*)\)$/, '$1') };
}

/** An option pasted with a long dash looks like a superfluous argument, or an unknown key. */
export function dashProblem(error: unknown, words: readonly string[]): WordsProblem | undefined {
  const known: AtcomError['code'][] = ['unknown-key', 'invalid-number', 'no-target'];
  const suspect = isAtcomError(error) ? known.includes(error.code) : error instanceof CommanderError;
  const word = suspect ? words.find((each) => longDash().test(each)) : undefined;
  const mistake = word === undefined ? undefined : pastedMistake(word);
  return (
    mistake && { reason: `${JSON.stringify(word)} is not an option: ${mistake.reason}`, hint: mistake.hint }
  );
}
