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
  readonly soft?: boolean;
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
  const performed = await perform(leaf, { actors, signal: phone.over, force: false });
  // Nothing that it reports is heard any more.
  if (phone.over.aborted)
    throw wrong(`${phone.role} is of a test that is over`, 'ask the fixture phones for it in each test');
  if (performed.status === 'error') throw performed.error;
  if (performed.status === 'stopped') throw new Error(`${leaf.text} was stopped`);
  return performed;
}

/** The matchers whose promises nobody has taken, by phone. */
const unawaited = new WeakMap<TestPhone, Set<AtcomError>>();

/** As the matcher, but notices when the test does not await it. */
export function noticed<Rest extends unknown[]>(
  name: string,
  matcher: (this: MatcherState, subject: unknown, ...rest: Rest) => Promise<MatcherResult>,
) {
  return function (this: MatcherState, subject: unknown, ...rest: Rest): Promise<MatcherResult> {
    const result = matcher.call(this, subject, ...rest);
    // Of a phone whose test is over, nobody looks for what is missing: Vitest tells that it has failed.
    if (!(subject instanceof TestPhone) || subject.over.aborted) return result;
    const argument = typeof rest[0] === 'string' ? `'${rest[0]}'` : '…';
    const call = `expect(${subject.role})${this.isNot === true ? '.not' : ''}.${name}(${argument})`;
    // Made here, so that its stack leads to the line of the test.
    const error = wrong(`await is missing before ${call}`, 'its result is lost otherwise');
    const missing = unawaited.get(subject) ?? new Set();
    unawaited.set(subject, missing.add(error));
    // Vitest takes the result itself before it hands the test its own promise, `expect.soft` twice.
    return Noticed.after(this.soft === true ? 2 : 1, result, () => missing.delete(error));
  };
}

/** A promise that notices when its result is taken. */
class Noticed<T> extends Promise<T> {
  static override readonly [Symbol.species] = Promise;
  #hands = 0;
  #taken = () => {};

  /** @param hands - how many others take the result and pass it on */
  static after<T>(hands: number, result: Promise<T>, taken: () => void): Promise<T> {
    const noticed = new Noticed<T>((resolve, reject) => void result.then(resolve, reject));
    noticed.#hands = hands;
    noticed.#taken = taken;
    // That nobody has taken it is told by itself, and what it was does not matter then.
    Promise.prototype.then.call(noticed, undefined, () => undefined);
    return noticed;
  }

  // biome-ignore lint/suspicious/noThenProperty: Await calls it, and nothing else tells that it is awaited.
  override then<A = T, B = never>(...given: Parameters<Promise<T>['then']>): Promise<A | B> {
    const next = super.then(...given) as Promise<A | B>;
    if (this.#hands > 0) return Noticed.after(this.#hands - 1, next, this.#taken);
    this.#taken();
    return next;
  }
}

/** @throws {AtcomError} `usage` for a matcher of one of these phones that nobody awaits */
export function checkAwaited(phones: Iterable<TestPhone>): void {
  for (const phone of phones) for (const error of unawaited.get(phone) ?? []) throw error;
}
