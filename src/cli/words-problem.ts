import { CommanderError } from '@commander-js/extra-typings';
import { quote } from '../errors/passwords.ts';
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
  const choice = choiceProblem(error);
  if (choice !== undefined) return choice;
  const [reason = '', hint] = error.message.replace(/^error: /, '').split('\n');
  return { reason, hint: hint?.replace(/^\((.*)\)$/, '$1') };
}

/** What commander says around the name of what takes a value, and the value, which is none of those that there are. */
const CHOICES = [
  ["error: command-argument value '", "' is invalid for argument '", "'"],
  ["error: option '", "' argument '", "' is invalid"],
] as const;

/** Without an expression: a value may be long, and hold what commander says. */
function choiceProblem({ message }: CommanderError): WordsProblem | undefined {
  const [said, all = ''] = splitAt(message, message.lastIndexOf(ALLOWED), ALLOWED);
  const form = CHOICES.find(([begin]) => said.startsWith(begin));
  if (all === '' || form === undefined) return undefined;
  const [begin, between, end] = form;
  const told = said.slice(begin.length, -end.length);
  // The name of an argument comes last, that of an option first; a value may be anything.
  const isArgument = form === CHOICES[0];
  const at = isArgument ? told.lastIndexOf(between) : told.indexOf(between);
  const [first, second = ''] = splitAt(told, at, between);
  const who = isArgument ? `<${second}>` : (/--[\w-]+/.exec(first)?.[0] ?? first);
  const choices = all.slice(0, -'.'.length);
  const [others, last] = splitAt(choices, choices.lastIndexOf(', '), ', ');
  const hint = last === undefined ? `use ${others}` : `use ${others} or ${last}`;
  return { reason: `${who} cannot be ${quote(isArgument ? first : second)}`, hint };
}

const ALLOWED = '. Allowed choices are ';

/** What comes before a place, and what after the words there. */
function splitAt(text: string, at: number, words: string): readonly [string, string?] {
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + words.length)];
}

/**
 * The name of an option that there is not, as far as it can be one. What follows, with or without a sign between, may be a
 * password: `--password:hunter2`, and `-phunter2` as for other programs.
 */
export function optionName(word: string): string {
  return /^(?:-[^-]|\p{Dash}+[a-z\p{Dash}]*)/u.exec(word)?.[0] ?? '';
}

/** An option pasted with a long dash looks like a superfluous argument, or an unknown key. */
export function dashProblem(error: unknown, words: readonly string[]): WordsProblem | undefined {
  const known: AtcomError['code'][] = ['unknown-key', 'invalid-number', 'no-target'];
  const suspect = isAtcomError(error) ? known.includes(error.code) : error instanceof CommanderError;
  // An option's value may be a password.
  const [word] = suspect ? words.filter((each) => longDash().test(each)).map(optionName) : [];
  const mistake = word === undefined ? undefined : pastedMistake(word);
  return (
    mistake && { reason: `${JSON.stringify(word)} is not an option: ${mistake.reason}`, hint: mistake.hint }
  );
}
