import { countNames, expandNodeset, MOST_NAMES } from '../targets/nodeset.ts';
import { failureOf } from '../yaml/rules.ts';

/** The parts of a phone in a file that ranges need. */
type Written = string | { readonly host: string };

/** The hosts of a text such as `10.0.0.[101-112]`. Brackets with a colon are an IPv6 address, one host. */
export function hostsOf(text: string): readonly string[] {
  return /\[[^\]:]*\]/.test(text) ? expandNodeset(text) : [text];
}

function namesOf(name: string): readonly string[] {
  return name.includes('[') ? expandNodeset(name) : [name];
}

function hostOf(written: Written): string {
  return typeof written === 'string' ? written : written.host;
}

/**
 * Whether all phones that a file writes, those of its profiles too, are few enough to be made. Counted before a name is:
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

/** What stands there is not checked yet. */
function entriesOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function hostIn(written: unknown): string {
  const host = typeof written === 'string' ? written : entriesOf(written)['host'];
  return typeof host === 'string' ? host : '';
}

/** One for a text that cannot be read, which is told later. */
function countOf(text: string): number {
  let count = 1;
  if (text.includes('[')) {
    failureOf(() => {
      count = countNames(text);
    });
  }
  return count;
}

/** Entries whose names and hosts do not match in number, or that define a phone again. */
export function misfitRanges(
  phones: Readonly<Record<string, Written>>,
): readonly { readonly name: string; readonly message: string }[] {
  const seen = new Set<string>();
  return Object.entries(phones).flatMap(([name, written]) => {
    const names = namesOf(name);
    const hosts = hostsOf(hostOf(written));
    const twice = names.find((each) => seen.has(each));
    for (const each of names) seen.add(each);
    if (names.length !== hosts.length) {
      return [
        { name, message: `has ${names.length} names and ${hosts.length} hosts; they are paired one by one` },
      ];
    }
    return twice === undefined ? [] : [{ name, message: `names ${twice}, which is named above already` }];
  });
}

/** Expands `lab-[01-12]: { host: 10.0.0.[101-112] }` to one phone per name. */
export function expandPhones<Phone extends Written>(
  phones: Readonly<Record<string, Phone>>,
): Readonly<Record<string, Phone>> {
  return Object.fromEntries(
    Object.entries(phones).flatMap(([name, written]) => {
      const hosts = hostsOf(hostOf(written));
      return namesOf(name).map((each, index): [string, Phone] => {
        const host = hosts[index] ?? '';
        return [each, (typeof written === 'string' ? host : { ...(written as object), host }) as Phone];
      });
    }),
  );
}
