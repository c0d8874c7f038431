import { AtcomError, isAtcomError } from '../errors.ts';
import { isHostName, mayBeAddress, parseAddress } from '../protocol/command-url.ts';
import type { Model } from '../protocol/models.ts';
import { endpointOf, type PhoneSettings } from '../protocol/settings.ts';
import { parseTarget, type TargetExpression, type TargetTerm, VIRTUAL } from './expression.ts';
import { matchesGlob } from './glob.ts';
import { hostsOfGroups } from './group-hosts.ts';
import { reverse, type Selection, type Universe } from './inventory.ts';
import { findPhones, suggest, unknownPhones } from './names.ts';
import type { Operator } from './words.ts';

/** The phones selected so far. */
export type Growing = Map<string, PhoneSettings | typeof VIRTUAL>;

/**
 * Selects the phones of a target, from left to right. Every name, glob, model and group must exist, on both sides of a `!`:
 * a typing mistake in an exclusion would press keys on the phones to be spared. Only a group or an operation with an empty
 * result selects nothing without an error.
 *
 * @throws {AtcomError} `unknown-phone`, `unknown-group`, `nothing-matched`, `invalid-address`; `usage` for a
 * mistake in a group
 */
export function evaluateTarget(expression: TargetExpression, universe: Universe): Selection {
  return evaluate(expression, universe, []);
}

/** Applies an operator to the phones selected so far. */
export const APPLY: Readonly<
  Record<Operator, (selected: Growing, found: Selection, universe: Universe) => void>
> = {
  ',': addAll,
  '!': removeAll,
  '&': intersect,
};

/** @param path - the groups that are being evaluated, outermost first */
function evaluate(expression: TargetExpression, universe: Universe, path: readonly string[]): Selection {
  const selected: Growing = new Map();
  for (const { operator, term } of expression) {
    const found = evaluateTerm(term, operator === '!' ? reverse(universe) : universe, path);
    APPLY[operator](selected, found, universe);
  }
  return selected;
}

/** Adds phones that are not selected yet. A phone keeps the name under which it was selected first. */
export function addAll(selected: Growing, found: Selection): void {
  for (const [key, phone] of found) if (!selected.has(key)) selected.set(key, phone);
}

/** Keeps what both have; an address without a port may mean any phone at its host. */
function intersect(selected: Growing, found: Selection): void {
  const [here, there] = [anyPortsOf(selected), anyPortsOf(found)];
  for (const [key, phone] of [...selected]) if (!found.has(key) && !isAt(there, phone)) selected.delete(key);
  for (const [key, phone] of found) if (isAt(here, phone)) selected.set(key, phone);
}

function anyPortsOf(selection: Selection): ReadonlySet<string> {
  const hosts = [...selection].map(
    ([key, phone]) => key.startsWith(ANY_PORT) && phone !== VIRTUAL && hostOf(phone),
  );
  return new Set(hosts.filter((host) => host !== false));
}

function isAt(hosts: ReadonlySet<string>, phone: PhoneSettings | typeof VIRTUAL): boolean {
  return phone !== VIRTUAL && hosts.has(hostOf(phone));
}

/**
 * Removes phones. An address without a port means any phone at its host: the port may be in the config alone, and a phone
 * that was to be spared must not be pressed. A name with a dot that is no phone's host may be the misspelt name of one.
 *
 * @throws {AtcomError} `unknown-phone`
 */
export function removeAll(selected: Growing, found: Selection, universe: Universe): void {
  const strange = [...found].flatMap(([key, phone]) =>
    selected.has(key) || phone === VIRTUAL || universe.phones.has(phone.name ?? '') ? [] : [phone],
  );
  if (strange.length > 0) removeHosts(selected, strange, universe);
  for (const key of found.keys()) remove(selected, key, universe);
}

function remove(selected: Growing, key: string, { excluded }: Universe): void {
  const phone = selected.get(key);
  selected.delete(key);
  if (phone !== undefined && phone !== VIRTUAL) excluded.add(hostOf(phone));
}

function removeHosts(selected: Growing, strange: readonly PhoneSettings[], universe: Universe): void {
  const bare = strange.filter(({ host }) => parseAddress(host).port === undefined);
  // What is taken out of an exclusion is pressed, so it is meant as it is written.
  const hosts = new Set(universe.spares ? [] : bare.map(hostOf));
  const names = strange.filter((phone) => isHostName(hostOf(phone)));
  const unknown = strangersTo(names, selected, universe);
  universe.effort.look(selected.size);
  for (const [key, phone] of selected)
    if (phone !== VIRTUAL && hosts.has(hostOf(phone))) remove(selected, key, universe);
  if (unknown.length > 0) throw unknownPhones(unknown, universe);
}

/** The hosts that no phone of the config has, none that its groups add, and none that is or was selected. */
function strangersTo(
  names: readonly PhoneSettings[],
  selected: Growing,
  { phones, groups, effort, excluded }: Universe,
): readonly string[] {
  if (names.length === 0) return [];
  effort.look(selected.size + phones.size);
  const here = [...selected.values()].flatMap((phone) => (phone === VIRTUAL ? [] : [phone]));
  const known = new Set([...excluded, ...[...phones.values(), ...here].map(hostOf)]);
  const strange = names.filter((phone) => !known.has(hostOf(phone)));
  // Few are of a group alone, whose ranges take time.
  const added = strange.length === 0 ? new Set() : hostsOfGroups(groups, effort);
  return strange.filter((phone) => !added.has(hostOf(phone))).map(({ host }) => host);
}

const hostIn = (address: string) => parseAddress(address).host;

const hostOf = (phone: PhoneSettings) => endpointOf(phone).host;

export function evaluateTerm(term: TargetTerm, universe: Universe, path: readonly string[]): Selection {
  universe.effort.look(1);
  switch (term.kind) {
    case 'names':
      universe.effort.name(term.text, term.names.length);
      return new Map([
        ...select(findPhones(term.names, universe), universe),
        ...(universe.spares ? hostsIn(term.names, universe) : []),
      ]);
    case 'glob':
      universe.effort.name(term.text, term.patterns.length);
      return select(
        term.patterns.flatMap((pattern) => globbed(pattern, universe)),
        universe,
      );
    case 'groups':
      universe.effort.name(term.text, term.names.length);
      return evaluateGroups(term.names, universe, path);
    case 'model':
      return select(ofModel(term, universe), universe);
    case 'all':
      return select(allPhones(universe), universe);
    case VIRTUAL:
      return new Map([[VIRTUAL, VIRTUAL]]);
  }
}

/** Begins a key that no phone has, for whatever is at a host. */
const ANY_PORT = 'any port of ';

/** Addresses without a port, to remove whatever is at these hosts. */
function hostsIn(names: readonly string[], { phones }: Universe): readonly [string, PhoneSettings][] {
  const bare = names.filter(
    (name) => !phones.has(name) && mayBeAddress(name) && parseAddress(name).port === undefined,
  );
  return bare.map((host) => [`${ANY_PORT}${hostIn(host)}`, { host }]);
}

/** Phones by their identity. */
export function select(phones: readonly PhoneSettings[], { keyOf }: Universe): Selection {
  const selected = new Map<string, PhoneSettings>();
  for (const phone of phones) if (!selected.has(keyOf(phone))) selected.set(keyOf(phone), phone);
  return selected;
}

function allPhones({ phones, effort }: Universe): readonly PhoneSettings[] {
  effort.look(phones.size);
  return [...phones.values()];
}

/** The phones of some models. */
export function ofModels(models: readonly Model[], universe: Universe): readonly PhoneSettings[] {
  return allPhones(universe).filter(({ model }) => model !== undefined && models.includes(model));
}

/** @throws {AtcomError} `nothing-matched`: where models are to be spared, the config may lack that of a phone */
function ofModel({ text, models }: TargetTerm & { kind: 'model' }, universe: Universe) {
  const found = ofModels(models, universe);
  if (found.length > 0) return found;
  const { phones, absence } = universe;
  throw new AtcomError('nothing-matched', { expression: text, names: [...phones.keys()], absence });
}

/** The phones whose names match a glob. */
export function matching(pattern: string, { phones, effort }: Universe): readonly PhoneSettings[] {
  effort.look(phones.size);
  return [...phones].filter(([name]) => matchesGlob(pattern, name)).map(([, phone]) => phone);
}

function globbed(pattern: string, universe: Universe): readonly PhoneSettings[] {
  const found = matching(pattern, universe);
  if (found.length > 0) return found;
  const { phones, absence } = universe;
  throw new AtcomError('nothing-matched', { expression: pattern, names: [...phones.keys()], absence });
}

function evaluateGroups(names: readonly string[], universe: Universe, path: readonly string[]): Selection {
  const selected: Growing = new Map();
  for (const name of names) {
    const found = evaluateGroup(name, universe, path);
    universe.effort.look(found.size);
    addAll(selected, found);
  }
  return selected;
}

function evaluateGroup(name: string, universe: Universe, path: readonly string[]): Selection {
  const known = universe.evaluated.get(name);
  if (known !== undefined) return known;
  const target = universe.groups.get(name);
  if (target === undefined) {
    const names = [...universe.groups.keys()];
    universe.effort.look(names.length);
    throw new AtcomError('unknown-group', {
      input: name,
      suggestions: suggest(name, [...names, 'all'], universe),
      names,
      absence: universe.absence,
    });
  }
  const found = inGroup(name, universe, () => {
    if (path.includes(name)) {
      const hint = 'change one of these groups in the config';
      throw new AtcomError('usage', { reason: 'a group cannot contain itself', hint });
    }
    universe.effort.enter(path);
    return evaluate(parseTarget(target, universe.effort), universe, [...path, name]);
  });
  universe.evaluated.set(name, found);
  return found;
}

/**
 * Adds the name of the group to an error, because its words are not on the command line. Nested groups add up, so that
 * a cycle reads `@a: @b: @a: a group cannot contain itself`.
 */
function inGroup<T>(name: string, { effort }: Universe, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!isAtcomError(error)) throw error;
    // It is not kept: each word that names the group makes it anew.
    effort.tell();
    const { message, hint = 'change the group in the config' } = error;
    throw new AtcomError('usage', { reason: `@${name}: ${message}`, hint }, { cause: error });
  }
}
