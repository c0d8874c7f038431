/** A test for values that came from outside. */
export type Test = (value: unknown) => boolean;

export const isText: Test = (value) => typeof value === 'string';
export const isTruth: Test = (value) => typeof value === 'boolean';

export function orNull(test: Test): Test {
  return (value) => value === null || test(value);
}

export function orMissing(test: Test): Test {
  return (value) => value === undefined || test(value);
}

export function oneOf(values: readonly string[]): Test {
  const all = new Set<unknown>(values);
  return (value) => all.has(value);
}

export function listOf(test: Test, most = Number.POSITIVE_INFINITY): Test {
  return (value) => Array.isArray(value) && value.length <= most && value.every(test);
}

/** An object with any names. */
export function recordOf(test: Test): Test {
  return (value) => isRecord(value) && Object.values(value).every(test);
}

/** An object with at least these names. */
export function shape(tests: Readonly<Record<string, Test>>): Test {
  // Made once: thousands of phones are tested at a time.
  const all = Object.entries(tests);
  return (value) => isRecord(value) && all.every(([name, test]) => test(value[name]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
