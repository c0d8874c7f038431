import { AtcomError } from '../errors.ts';
import {
  type Address,
  hostText,
  mayBeAddress,
  originOf,
  parseAddress,
  portOf,
} from '../protocol/command-url.ts';
import { endpointOf, type PhoneSettings } from '../protocol/settings.ts';
import { closest } from '../protocol/suggest.ts';
import { VIRTUAL } from './expression.ts';
import { foldNodeset } from './fold.ts';
import type { Universe } from './inventory.ts';
import { phoneAt, saidAt, saidAtHost } from './known.ts';

/**
 * Finds the phones of a word, with its ranges expanded. If one phone is missing, the whole word is wrong.
 *
 * @throws {AtcomError} `unknown-phone` with all missing names, folded; `invalid-address`
 */
export function findPhones(names: readonly string[], universe: Universe): readonly PhoneSettings[] {
  const phones: PhoneSettings[] = [];
  const missing: string[] = [];
  for (const name of names) {
    const phone = findPhone(name, universe);
    if (phone === undefined) missing.push(name);
    else phones.push(phone);
  }
  if (missing.length === 0) return phones;
  const absent = new Set(missing);
  throw unknownPhones(
    missing,
    universe,
    names.filter((name) => !absent.has(name)),
  );
}

/** The error for words that mean no phone, and those beside them that do. */
export function unknownPhones(
  missing: readonly string[],
  universe: Universe,
  there: readonly string[] = [],
): AtcomError<'unknown-phone'> {
  const names = [...universe.phones.keys()];
  universe.effort.look(names.length);
  return new AtcomError('unknown-phone', {
    input: foldNodeset(missing),
    suggestions: there.length > 0 ? [foldNodeset(there)] : meantInstead(missing[0] ?? '', names, universe),
    names,
    absence: universe.absence,
  });
}

function meantInstead(word: string, names: readonly string[], universe: Universe): readonly string[] {
  return universe.groups.has(word) ? [`@${word}`] : suggest(word, [...names, VIRTUAL], universe);
}

/** The names closest to a misspelt one; none where nobody reads them. */
export function suggest(
  word: string,
  names: readonly string[],
  { suggests, effort }: Universe,
): readonly string[] {
  if (!suggests) return [];
  effort.compare(word, names.length);
  return closest(word, names);
}

/** The phone that a word means; undefined if there is none. */
export function findPhone(word: string, universe: Universe): PhoneSettings | undefined {
  const { found } = universe;
  if (found.has(word)) return found.get(word);
  const phone = meantBy(word, universe);
  found.set(word, phone);
  return phone;
}

function meantBy(word: string, { phones, keyOf, told }: Universe): PhoneSettings | undefined {
  const named = phones.get(word);
  if (named !== undefined) return named;
  if (!mayBeAddress(word)) return undefined;
  const address = parseAddress(word);
  const key = keyOf({ host: word });
  const known = phoneAt(key, told);
  if (known !== undefined && isMeant(known, address)) return known;
  const { scheme, host, port } = address;
  // Without a port of its own, it may be the phone that has one in the config.
  const there = [undefined, 80, 443].includes(port) ? saidAtHost(host, told, scheme) : {};
  const phone = { host: word, ...there, ...saidAt(key, told, scheme) };
  // Its host alone would be another phone of the config.
  const endpoint = endpointOf(phone);
  return phones.has(hostText(endpoint)) ? { ...phone, name: originOf(endpoint) } : phone;
}

/** An address with `http://` or a port is taken literally, even if the config knows that phone with other settings. */
function isMeant(known: PhoneSettings, { scheme, port }: Address): boolean {
  const endpoint = endpointOf(known);
  return (scheme ?? endpoint.scheme) === endpoint.scheme && (port ?? portOf(endpoint)) === portOf(endpoint);
}
