import { AtcomError } from '../errors.ts';
import { checkDelay, parseDuration } from '../protocol/duration.ts';
import { type LeafStep, type Performance, perform } from '../scenario/index.ts';
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

/** The times that a matcher can be given. */
interface Times {
  readonly within?: number | string | undefined;
  readonly during?: number | string | undefined;
}

/** @throws {AtcomError} `invalid-duration`; `usage` for milliseconds that cannot be waited for */
export function duration(name: keyof Times, { [name]: given }: Times, otherwise: number): number {
  return typeof given === 'string' ? parseDuration(given) : checkDelay(name, given ?? otherwise);
}

/**
 * Refuses a misspelt option: vitest does not check types, and the option would have no effect.
 *
 * @throws {AtcomError} `usage`
 */
export function checkOptions(matcher: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) throw wrong(`${matcher} has no option ${unknown}`, `give ${known.join(', ')}`);
}

export function wrong(reason: string, hint: string): AtcomError {
  return new AtcomError('usage', { reason, hint });
}

/** @throws {AtcomError} `usage` for anything but a phone of the fixture */
export function phoneOf(matcher: string, phone: unknown): TestPhone {
  if (phone instanceof TestPhone) return phone;
  throw wrong(`${matcher} needs a phone`, 'one of those that the fixture phones hands out');
}

/**
 * What the engine of scenarios found out with a phone.
 *
 * @throws {AtcomError} where it could find out nothing, which fails `not`, too
 */
export async function found(
  leaf: LeafStep,
  phone: TestPhone,
): Promise<Extract<Performance, { status: 'passed' | 'failed' }>> {
  const actors = new Map([[phone.role, phone]]);
  const performed = await perform(leaf, { actors, signal: new AbortController().signal, force: false });
  if (performed.status === 'error') throw performed.error;
  if (performed.status === 'stopped') throw new Error(`${leaf.text} was stopped`);
  return performed;
}
