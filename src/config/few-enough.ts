import { countNames, MOST_NAMES } from '../targets/nodeset.ts';
import { failureOf } from '../yaml/rules.ts';

/**
 * Whether a file has few enough phones, those of its profiles included. Counted before any name is expanded:
 * every range alone may be small.
 */
export function fewEnough(file: unknown): boolean {
  const { phones, profiles } = entriesOf(file);
  const all = [phones, ...Object.values(entriesOf(profiles)).map((profile) => entriesOf(profile)['phones'])];
  const count = all
    .flatMap((each) => Object.entries(entriesOf(each)))
    .reduce((sum, [name, written]) => sum + Math.max(countOf(name), countOf(hostIn(written))), 0);
  return count <= MOST_NAMES;
}

/** The value is not validated yet. */
function entriesOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function hostIn(written: unknown): string {
  const host = typeof written === 'string' ? written : entriesOf(written)['host'];
  return typeof host === 'string' ? host : '';
}

/** Counts an unreadable text as one; it is reported later. */
function countOf(text: string): number {
  let count = 1;
  if (text.includes('[')) {
    failureOf(() => {
      count = countNames(text);
    });
  }
  return count;
}
