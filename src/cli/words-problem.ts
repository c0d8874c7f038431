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

/** What commander says of a value that is none of those which there are. */
const CHOICES = [
  /^error: command-argument value '(?<value>.*)' is invalid for argument '(?<name>.*)'\. Allowed choices are (?<all>.*)\.$/s,
  /^error: option '[^']*?(?<name>--[\w-]+)[^']*' argument '(?<value>.*)' is invalid\. Allowed choices are (?<all>.*)\.$/s,
];

function choiceProblem({ message }: CommanderError): WordsProblem | undefined {
  const { name, value, all } = CHOICES.map((form) => form.exec(message)?.groups).find(Boolean) ?? {};
  if (name === undefined || value === undefined || all === undefined) return undefined;
  const who = name.startsWith('--') ? name : `<${name}>`;
  return { reason: `${who} cannot be ${quote(value)}`, hint: `use ${all.replace(/, ([^,]*)$/, ' or $1')}` };
}

/** An option pasted with a long dash looks like a superfluous argument, or an unknown key. */
export function dashProblem(error: unknown, words: readonly string[]): WordsProblem | undefined {
  const known: AtcomError['code'][] = ['unknown-key', 'invalid-number', 'no-target'];
  const suspect = isAtcomError(error) ? known.includes(error.code) : error instanceof CommanderError;
  // An option's value may be a password.
  const [word] = (suspect && words.find((each) => longDash().test(each))?.split('=')) || [];
  const mistake = word === undefined ? undefined : pastedMistake(word);
  return (
    mistake && { reason: `${JSON.stringify(word)} is not an option: ${mistake.reason}`, hint: mistake.hint }
  );
}
