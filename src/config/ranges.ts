import { isIP } from 'node:net';
import { hostText, parseAddress } from '../protocol/command-url.ts';
import { expandNodeset } from '../targets/nodeset.ts';

/** The parts of a phone in a file that ranges need. */
type Written = string | { readonly host: string; readonly extension?: string; readonly mac?: string };

/** The hosts of a text such as `10.0.0.[101-112]`. Brackets with a colon are an IPv6 address, one host. */
export function hostsOf(text: string): readonly string[] {
  return /\[[^[\]:]*\]/.test(text) ? expandNodeset(text) : [text];
}

/** Expands a text such as `lab-[01-12]` or `60[01-12]`. */
function expand(text: string): readonly string[] {
  return text.includes('[') ? expandNodeset(text) : [text];
}

function hostOf(written: Written): string {
  return typeof written === 'string' ? written : written.host;
}

/** What is wrong with an entry for several phones, or for a phone that another entry defines. */
export interface Misfit {
  readonly name: string;
  readonly message: string;
}

/** Entries whose names, hosts and extensions do not match, or that define a phone again. */
export function misfitRanges(phones: Readonly<Record<string, Written>>): readonly Misfit[] {
  const hosts = namedHosts(phones);
  const seen = new Set<string>();
  return Object.entries(phones).flatMap(([name, written]) => {
    const names = expand(name);
    const twice = names.find((each) => seen.has(each));
    for (const each of names) seen.add(each);
    const message =
      unpaired(names.length, written) ??
      misleading(names, hostsOf(hostOf(written)), hosts) ??
      (twice === undefined ? undefined : `defines ${twice}, which is already defined above`);
    return message === undefined ? [] : [{ name, message }];
  });
}

/** The hosts that are names, such as `lobby.example`, without those of another port. */
function namedHosts(phones: Readonly<Record<string, Written>>): ReadonlySet<string> {
  const texts = Object.values(phones).flatMap((written) => hostsOf(hostOf(written)));
  const named = texts.filter((text) => isIP(text) === 0).map(parseAddress);
  return new Set(named.map(({ scheme = 'http', host, port }) => hostText({ scheme, host, port })));
}

/**
 * A name that is an address would keep that address from meaning the phone that has it, and its events would be taken
 * for those of that phone.
 */
function misleading(
  names: readonly string[],
  hosts: readonly string[],
  others: ReadonlySet<string>,
): string | undefined {
  const wrong = names.find(
    (name, index) => (isIP(name) !== 0 || others.has(name)) && parseAddress(hosts[index] ?? '').host !== name,
  );
  return wrong === undefined ? undefined : `${wrong} is the address of another phone; choose another name`;
}

function unpaired(names: number, written: Written): string | undefined {
  const pairs = (count: number, what: string) =>
    count === names
      ? undefined
      : `has ${counted(names, 'name')} and ${counted(count, what)}; there must be one for each name`;
  const hosts = pairs(hostsOf(hostOf(written)).length, 'host');
  if (hosts !== undefined || typeof written === 'string') return hosts;
  const { extension = '', mac } = written;
  if (mac !== undefined && names > 1) return 'has one MAC for several phones; give each phone its own';
  // Phones may share a number, but not by accident of a range.
  return extension.includes('[') ? pairs(expand(extension).length, 'extension') : undefined;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** A phone of a file: the entry that defines it, and what it has of its own. */
export interface Expanded<Phone> {
  readonly entry: string;
  readonly written: Phone;
  readonly own: { readonly host: string; readonly extension?: string };
}

/** `lab-[01-12]: { host: 10.0.0.[101-112], extension: 60[01-12] }` as a phone for each name. */
export function expandPhones<Phone extends Written>(
  entries: readonly (readonly [entry: string, written: Phone])[],
): ReadonlyMap<string, Expanded<Phone>> {
  return new Map(entries.flatMap(([entry, written]) => phonesOf(entry, written)));
}

function phonesOf<Phone extends Written>(entry: string, written: Phone): [string, Expanded<Phone>][] {
  const names = expand(entry);
  const hosts = hostsOf(hostOf(written));
  const { extension } = typeof written === 'string' ? { extension: undefined } : written;
  const extensions = extension === undefined ? [] : expand(extension);
  return names.map((name, index) => {
    const host = hosts[index] ?? '';
    const own = extension?.includes('[') === true ? { host, extension: extensions[index] ?? '' } : { host };
    return [name, { entry, written, own }];
  });
}
