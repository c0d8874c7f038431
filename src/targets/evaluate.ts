import { AtcomError, isAtcomError } from '../errors.ts';
import { isHostName, mayBeAddress, parseAddress } from '../protocol/command-url.ts';
import { endpointOf, type PhoneSettings } from '../protocol/settings.ts';
import { closest } from '../protocol/suggest.ts';
import { parseTarget, type TargetExpression, type TargetTerm, VIRTUAL } from './expression.ts';
import { matchesGlob } from './glob.ts';
import { type Selection, toSpare, type Universe } from './inventory.ts';
import { findPhones, unknownPhones } from './names.ts';
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

/**
 * The phones that some word of a target means, taken alone, also where another word is wrong: more than the target would
 * select.
 */
export function evaluateWords(expression: TargetExpression, universe: Universe): Selection {
  const found: Growing = new Map();
  for (const { term } of expression) {
    for (const alone of inSingleWords(term)) {
      try {
        addAll(found, evaluateTerm(alone, universe, []));
      } catch (error) {
        if (!isAtcomError(error)) throw error;
      }
    }
  }
  return found;
}

/** `lab-[01-02]` as `lab-01` and `lab-02`. */
function inSingleWords(term: TargetTerm): readonly TargetTerm[] {
  if (term.kind === 'glob') return term.patterns.map((pattern) => ({ ...term, patterns: [pattern] }));
  if (term.kind !== 'names' && term.kind !== 'groups') return [term];
  return term.names.map((name) => ({ ...term, names: [name] }));
}

/** Applies an operator to the phones selected so far. */
const APPLY: Readonly<Record<Operator, (selected: Growing, found: Selection, universe: Universe) => void>> = {
  ',': addAll,
  '!': removeAll,
  '&': (selected, found) => {
    for (const key of selected.keys()) if (!found.has(key)) selected.delete(key);
  },
};

/** @param path - the groups that are being evaluated, outermost first */
function evaluate(expression: TargetExpression, universe: Universe, path: readonly string[]): Selection {
  const selected: Growing = new Map();
  for (const { operator, term } of expression) {
    const found = evaluateTerm(term, operator === '!' ? toSpare(universe) : universe, path);
    APPLY[operator](selected, found, universe);
  }
  return selected;
}

/** Adds phones that are not selected yet. A phone keeps the name under which it was selected first. */
export function addAll(selected: Growing, found: Selection): void {
  for (const [key, phone] of found) if (!selected.has(key)) selected.set(key, phone);
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
  const hosts = new Set(strange.filter(({ host }) => parseAddress(host).port === undefined).map(hostOf));
  const names = strange.filter((phone) => isHostName(hostOf(phone)));
  const known = names.length === 0 ? new Set() : knownHosts(selected, universe);
  universe.effort.look(selected.size);
  for (const [key, phone] of selected)
    if (phone !== VIRTUAL && hosts.has(hostOf(phone))) remove(selected, key, universe);
  const missing = names.filter((phone) => !known.has(hostOf(phone))).map(({ host }) => host);
  if (missing.length > 0) throw unknownPhones(missing, universe);
}

/** The hosts of all phones of the config, of those that its groups add, and of those that are or were selected. */
function knownHosts(selected: Growing, { phones, groups, effort, excluded }: Universe): ReadonlySet<string> {
  effort.look(selected.size + phones.size + groups.size);
  const added = [...groups.values()].flatMap(hostsAddedBy);
  const here = [...selected.values()].flatMap((phone) => (phone === VIRTUAL ? [] : [phone]));
  return new Set([...excluded, ...added, ...[...phones.values(), ...here].map(hostOf)]);
}

/** The hosts that a group adds by address; none where it is wrong, which is told where it is used. */
function hostsAddedBy(group: string): readonly string[] {
  try {
    return parseTarget(group).flatMap(({ operator, term }) =>
      operator !== '!' && term.kind === 'names' ? term.names.filter(mayBeAddress).map(hostIn) : [],
    );
  } catch (error) {
    if (!isAtcomError(error)) throw error;
    return [];
  }
}

const hostIn = (address: string) => parseAddress(address).host;

const hostOf = (phone: PhoneSettings) => endpointOf(phone).host;

function evaluateTerm(term: TargetTerm, universe: Universe, path: readonly string[]): Selection {
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

/** Addresses without a port, under keys that no phone has: they are to remove whatever is at these hosts. */
function hostsIn(names: readonly string[], { phones }: Universe): readonly [string, PhoneSettings][] {
  const bare = names.filter(
    (name) => !phones.has(name) && mayBeAddress(name) && parseAddress(name).port === undefined,
  );
  return bare.map((host) => [`any port of ${hostIn(host)}`, { host }]);
}

function select(phones: readonly PhoneSettings[], { keyOf }: Universe): Selection {
  const selected = new Map<string, PhoneSettings>();
  for (const phone of phones) if (!selected.has(keyOf(phone))) selected.set(keyOf(phone), phone);
  return selected;
}

function allPhones({ phones, effort }: Universe): readonly PhoneSettings[] {
  effort.look(phones.size);
  return [...phones.values()];
}

/** @throws {AtcomError} `nothing-matched`: where models are to be spared, the config may lack that of a phone */
function ofModel({ text, models }: TargetTerm & { kind: 'model' }, universe: Universe) {
  const found = allPhones(universe).filter(({ model }) => model !== undefined && models.includes(model));
  if (found.length > 0) return found;
  const { phones, absence } = universe;
  throw new AtcomError('nothing-matched', { expression: text, names: [...phones.keys()], absence });
}

function globbed(pattern: string, { phones, effort, absence }: Universe): readonly PhoneSettings[] {
  effort.look(phones.size);
  const found = [...phones].filter(([name]) => matchesGlob(pattern, name)).map(([, phone]) => phone);
  if (found.length > 0) return found;
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
      suggestions: closest(name, [...names, 'all']),
      names,
      absence: universe.absence,
    });
  }
  const found = inGroup(name, () => {
    if (path.includes(name)) {
      const hint = 'change one of these groups in the config';
      throw new AtcomError('usage', { reason: 'a group cannot contain itself', hint });
    }
    universe.effort.enter(path);
    return evaluate(parseTarget(target), universe, [...path, name]);
  });
  universe.evaluated.set(name, found);
  return found;
}

/**
 * Adds the name of the group to an error, because its words are not on the command line. Nested groups add up, so that
 * a cycle reads `@a: @b: @a: a group cannot contain itself`.
 */
function inGroup<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!isAtcomError(error)) throw error;
    const { message, hint = 'change the group in the config' } = error;
    throw new AtcomError('usage', { reason: `@${name}: ${message}`, hint }, { cause: error });
  }
}
