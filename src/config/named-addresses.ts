import { hearSignal } from '../abort.ts';
import { isAtcomError } from '../errors.ts';
import { originOf } from '../protocol/command-url.ts';
import { endpointOf, type PhoneSettings } from '../protocol/settings.ts';
import { checkConfigTargets, type Looks } from '../targets/effort.ts';
import { evaluateTarget } from '../targets/evaluate.ts';
import { parseTarget, VIRTUAL } from '../targets/expression.ts';
import { createUniverse, type Inventory } from '../targets/inventory.ts';
import type { WhatIsTold } from '../targets/known.ts';
import type { WrittenFile } from './reader.ts';

/** The files of a config, and what became of them. */
export interface Named {
  readonly files: readonly WrittenFile[];
  /** The phones and groups of all files. */
  readonly inventory: Inventory & { readonly told: WhatIsTold };
  /** The file that has the phone of a name. */
  readonly fileOf: (name: string) => WrittenFile | undefined;
}

/** The same, with the phones as their names are without a file. */
interface NamedWithout extends Named {
  readonly phones: Inventory['phones'];
}

/**
 * Whether an address is in the targets of one file (`default`, groups, profiles), or is the name of a phone that this file
 * took away; and is in the targets of no other, and that of no phone of another, whatever has its name now. That includes
 * an address which somebody typed: a resolved target does not say where its words came from. What the other files mean is
 * judged without the phones and groups of that file: `@all` of the user does not name a phone that only a project has.
 * `http` and `https` are two addresses here, because a password that may go to one may not go to the other.
 *
 * @throws {AtcomError} `usage` for targets that are too large together
 */
export async function isNamedOnlyIn(
  file: WrittenFile,
  { files, inventory, phones }: NamedWithout,
  signal?: AbortSignal,
): Promise<(phone: PhoneSettings) => boolean> {
  const looks = { count: 0 };
  const theirs = await addressesIn(file, { ...inventory, looks }, signal);
  const told = { ...inventory.told, found: [] };
  const own = new Set([told.own, ...told.replaced].flat().map(addressOf));
  for (const one of files.filter((other) => other !== file)) {
    const groups = new Map(Object.entries(one.settings.groups ?? {}));
    for (const address of await addressesIn(one, { phones, told, groups, looks }, signal)) own.add(address);
  }
  const isTaken = (name: string) => phones.has(name) && !inventory.phones.has(name);
  return (phone) => (isTaken(phone.host) || theirs.has(addressOf(phone))) && !own.has(addressOf(phone));
}

async function addressesIn(
  file: WrittenFile,
  inventory: Counted,
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  const addresses = new Set<string>();
  for await (const selected of selectedBy(targetsIn(file), inventory, signal))
    for (const phone of selected) addresses.add(addressOf(phone));
  return addresses;
}

/** The targets of a file, wherever it has any. */
export function targetsIn({ settings }: WrittenFile): readonly string[] {
  const { default: target, groups = {}, profiles = {}, credentials = {} } = settings;
  const defaults = [target, ...Object.values(profiles).map((profile) => profile.default)];
  return [...defaults, ...Object.values(groups), ...Object.keys(credentials)].filter(
    (text) => text !== undefined,
  );
}

type Counted = Inventory & { readonly looks: Looks };

/**
 * The phones of each target. One that selects nothing here selects nothing in a command either, so none may select
 * nothing because of the others.
 *
 * @throws {AtcomError} `usage` for targets that are too large together
 */
export async function* selectedBy(
  targets: readonly string[],
  inventory: Counted,
  signal?: AbortSignal,
): AsyncGenerator<readonly PhoneSettings[], void> {
  const evaluated = new Map();
  for (const target of targets) {
    await hearSignal(signal);
    yield phonesOf(target, { ...inventory, evaluated });
    checkConfigTargets(inventory.looks);
  }
}

function phonesOf(target: string, inventory: Inventory): readonly PhoneSettings[] {
  try {
    const universe = createUniverse(inventory);
    const selected = [...evaluateTarget(parseTarget(target, universe.effort), universe).values()];
    return selected.filter((phone) => phone !== VIRTUAL);
  } catch (error) {
    if (!isAtcomError(error)) throw error;
    return [];
  }
}

const addressOf = (phone: PhoneSettings) => originOf(endpointOf(phone));
