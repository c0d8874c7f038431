import { countNames, MOST_NAMES } from '../targets/nodeset.ts';
import { failureOf } from '../yaml/rules.ts';

/** The maximum of phones, times the targets and profiles that a check looks each of them up in. */
const MOST_LOOKS = 50_000_000;

/** The maximum of characters of the settings of all phones, written out. */
const MOST_WRITTEN = 50_000_000;

/** Reading a phone takes as long as looking it up in so many targets. */
const READING = 10;

/**
 * Whether a file has few enough phones, those of its profiles included. Counted before any name is expanded:
 * every range alone may be small.
 */
export function fewEnough(file: unknown): boolean {
  return phonesIn(file) <= MOST_NAMES;
}

/**
 * Whether all targets of some files can be looked up in all their profiles: a few kilobytes of each multiply to hours.
 * Targets of one file select phones of another.
 */
export function smallTogether(...files: readonly unknown[]): boolean {
  const sum = (count: (file: unknown) => number) => files.reduce<number>((all, file) => all + count(file), 0);
  const sizeOf = (table: string) => sum((file) => Object.keys(entriesOf(entriesOf(file)[table])).length);
  const targets = sizeOf('groups') + sizeOf('profiles') + sizeOf('credentials');
  const phones = sum((file) => countPhones(entriesOf(file)['phones']));
  const inProfiles = sum((file) =>
    // The phones of a profile are in place of those above.
    Object.values(entriesOf(entriesOf(file)['profiles'])).reduce<number>(
      (all, profile) => all + (countPhones(entriesOf(profile)['phones']) || phones),
      0,
    ),
  );
  return Math.max(1, phones + inProfiles) * (READING + targets) <= MOST_LOOKS;
}

/**
 * Whether the settings of all phones of some files are short enough together, with those that they inherit: `config show`
 * writes all of them for each phone.
 */
export function fewInherited(...files: readonly unknown[]): boolean {
  const inherited = files.reduce<number>((sum, file) => {
    const { defaults, models } = entriesOf(file);
    const ofModels = Object.values(entriesOf(models)).map(lengthOf);
    return sum + lengthOf(defaults) + ofModels.reduce((most, each) => Math.max(most, each), 0);
  }, 0);
  const all = files.flatMap((file) => phoneEntriesIn(file));
  const written = all.reduce((sum, { count, phone }) => sum + count * (inherited + lengthOf(phone)), 0);
  // Of too many phones, their number is the mistake.
  return written <= MOST_WRITTEN || !files.every(fewEnough);
}

function lengthOf(written: unknown): number {
  return written === undefined ? 0 : JSON.stringify(written).length;
}

function phonesIn(file: unknown): number {
  return phoneEntriesIn(file).reduce((sum, { count }) => sum + count, 0);
}

function countPhones(phones: unknown): number {
  return phonesIn({ phones });
}

/** The entries of all profiles, with how many phones each stands for. */
function phoneEntriesIn(file: unknown): readonly { readonly count: number; readonly phone: unknown }[] {
  const { phones, profiles } = entriesOf(file);
  const all = [phones, ...Object.values(entriesOf(profiles)).map((profile) => entriesOf(profile)['phones'])];
  return all
    .flatMap((each) => Object.entries(entriesOf(each)))
    .map(([name, phone]) => {
      const [host, extension] = [countOf(textIn(phone, 'host')), countOf(textIn(phone, 'extension'))];
      return { count: Math.max(countOf(name), host, extension), phone };
    });
}

/** The value is not validated yet. */
function entriesOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** A phone that is only a text is its host. */
function textIn(written: unknown, name: 'host' | 'extension'): string {
  const text = typeof written === 'string' && name === 'host' ? written : entriesOf(written)[name];
  return typeof text === 'string' ? text : '';
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
