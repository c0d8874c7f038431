import { AtcomError } from '../errors.ts';

/** The error for a journal that cannot be used. */
export function unusable(file: string, reason: string, hint: string, cause?: unknown): AtcomError<'journal'> {
  return new AtcomError('journal', { file, reason, hint }, { cause });
}
