import { expect } from 'vitest';
import { type AnyAtcomError, isAtcomError } from '../../src/errors.ts';

/** The expected failure of a call; any other outcome fails the test. */
export function failure(run: () => unknown): AnyAtcomError {
  let value: unknown;
  try {
    value = run();
  } catch (error) {
    if (isAtcomError(error)) return error;
    throw error;
  }
  return expect.fail(`expected a failure, got ${JSON.stringify(value)}`);
}

/** The code of an expected failure. */
export function codeOf(run: () => unknown): string {
  return failure(run).code;
}
