import { AtcomError } from '../errors.ts';
import { parseDuration } from '../protocol/duration.ts';
import { TestPhone } from './phones.ts';

/** The result of a matcher. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** What a matcher needs from the test runner. */
export interface MatcherState {
  readonly isNot?: boolean;
}

/** The default timeout of a matcher, in milliseconds. */
export const WITHIN = 3000;

/** Steps of a test have no position in a file. */
export const NOWHERE = { line: 0, col: 0 };

export function duration(given: number | string | undefined, otherwise: number): number {
  return typeof given === 'string' ? parseDuration(given) : (given ?? otherwise);
}

export function wrong(reason: string, hint: string): AtcomError {
  return new AtcomError('usage', { reason, hint });
}

/** @throws {AtcomError} `usage` for anything but a phone of the fixture */
export function phoneOf(matcher: string, phone: unknown): TestPhone {
  if (phone instanceof TestPhone) return phone;
  throw wrong(`${matcher} needs a phone`, 'one of those that the fixture phones hands out');
}
