import { CommanderError } from '@commander-js/extra-typings';
import { isAtcomError } from '../errors.ts';

/** What is wrong with the words of a command, and what to do about it; undefined for any other error. */
export function wordsProblem(error: unknown): { reason: string; hint: string | undefined } | undefined {
  if (isAtcomError(error)) return { reason: error.message, hint: error.hint };
  if (!(error instanceof CommanderError)) return undefined;
  const [reason = '', hint] = error.message.replace(/^error: /, '').split('\n');
  return { reason, hint: hint?.replace(/^\((.*)\)$/, '$1') };
}
