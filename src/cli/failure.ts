import { AtcomError, isAtcomError } from '../errors.ts';

/**
 * Why something failed; anything unexpected is a bug.
 *
 * @param signal - what stopped it, if it was stopped
 */
export function failureOf(error: unknown, signal?: AbortSignal): AtcomError {
  if (signal?.aborted) return failureOf(signal.reason);
  if (isAtcomError(error)) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  return new AtcomError('bug', { stack: cause.stack ?? cause.message }, { cause });
}
