import ipaddr from 'ipaddr.js';
import { quote } from '../errors/passwords.ts';
import { AtcomError } from '../errors.ts';
import { expandNodeset } from './nodeset.ts';
import { unreadable } from './words.ts';

/**
 * The maximum number of addresses in one run, a /16: nobody has more phones in a network, and a mistake such as /1 must
 * not run.
 */
export const MOST_ADDRESSES = 65_536;

const WAYS = 'write 10.0.0.0/24, 10.0.0.5-10.0.0.9, 10.0.0.[5-9] or 10.0.0.5; a port goes into --port';

/** Addresses from the first to the last, as numbers. */
interface Span {
  readonly first: number;
  readonly last: number;
}

/**
 * Expands texts to IPv4 addresses, in order, without duplicates. In a network of four addresses or more, the first and
 * the last are not hosts and are left out.
 *
 * @throws {AtcomError} `usage` for anything but an IPv4 address, network or range, for addresses that no host has, and
 * for more than a /16
 */
export function expandAddresses(texts: readonly string[]): readonly string[] {
  const spans: Span[] = [];
  let count = 0;
  for (const text of texts) {
    for (const span of spansOf(text)) {
      const { first, last } = hostsOnly(text, span);
      spans.push({ first, last });
      count += last - first + 1;
    }
    // Counted before the first address is created, and before the next text is read.
    if (count > MOST_ADDRESSES) {
      throw new AtcomError('usage', {
        reason: `these are at least ${count} addresses, more than the ${MOST_ADDRESSES} of a /16`,
        hint: 'name the networks in which there are phones',
      });
    }
  }
  const addresses = spans.flatMap(({ first, last }) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index),
  );
  return [...new Set(addresses)].map(addressText);
}

function spansOf(text: string): readonly Span[] {
  if (text.includes('@')) throw unreadable(text, 'it names a user or a group', WAYS);
  // A slash in brackets is a step: 10.0.0.[0-10/2].
  const [, network, prefix] = /^([^[\]/]*)\/(.*)$/.exec(text) ?? [];
  if (network !== undefined && prefix !== undefined) return [networkSpan(text, network, prefix)];
  const [, from, to] = /^([^[\]-]*)-([^[\]-]*)$/.exec(text) ?? [];
  if (from !== undefined && to !== undefined) return [rangeSpan(text, from, to)];
  const names = expandNodeset(text);
  if (names.length === 0) throw unreadable(text, 'there is no address in it', WAYS);
  return names.map((name) => {
    const address = numberOf(text, name);
    return { first: address, last: address };
  });
}

function networkSpan(text: string, network: string, prefix: string): Span {
  const address = numberOf(text, network);
  const bits = /^\d{1,2}$/.test(prefix) ? Number(prefix) : Number.NaN;
  if (!(bits <= 32)) throw unreadable(text, 'the prefix is not a number from 0 to 32', WAYS);
  const size = 2 ** (32 - bits);
  const base = Math.floor(address / size) * size;
  // RFC 3021: the two addresses of a /31 are both hosts.
  return bits < 31 ? { first: base + 1, last: base + size - 2 } : { first: base, last: base + size - 1 };
}

function rangeSpan(text: string, from: string, to: string): Span {
  const [first, last] = [numberOf(text, from), numberOf(text, to)];
  if (last < first) throw unreadable(text, 'it runs backwards', `write ${to}-${from}`);
  return { first, last };
}

/** Ranges without hosts, by their names in ipaddr.js. Loopback is not among them, because virtual phones use it. */
const NO_HOSTS: readonly string[] = ['unspecified', 'multicast', 'broadcast'];
/** From 240.0.0.0 on, no address was ever given to anybody. `reserved` in ipaddr.js has networks of laboratories, too. */
const NEVER_GIVEN = 0xf0_00_00_00;

function hostsOnly(text: string, span: Span): Span {
  const isNone = (address: number) =>
    address >= NEVER_GIVEN || NO_HOSTS.includes(ipaddr.IPv4.parse(addressText(address)).range());
  const wrong = [span.first, span.last].find(isNone);
  if (wrong !== undefined) throw unreadable(text, `no host has the address ${addressText(wrong)}`, WAYS);
  return span;
}

function numberOf(text: string, address: string): number {
  if (ipaddr.IPv6.isValid(address.replace(/^\[|\]$/g, ''))) {
    throw unreadable(text, 'it is IPv6, whose networks are too large to search', WAYS);
  }
  // Only dotted decimals: elsewhere, 010 is octal and 10.1 means 10.0.0.1.
  if (!ipaddr.IPv4.isValidFourPartDecimal(address)) {
    throw unreadable(text, `${quote(address)} is not an IPv4 address`, WAYS);
  }
  return ipaddr.IPv4.parse(address).octets.reduce((number, octet) => number * 256 + octet, 0);
}

function addressText(address: number): string {
  return [24, 16, 8, 0].map((bits) => (address >>> bits) & 255).join('.');
}
