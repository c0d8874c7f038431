import { isAtcomError } from '../errors.ts';
import { originOf } from '../protocol/command-url.ts';
import { endpointOf, type PhoneSettings } from '../protocol/settings.ts';
import { evaluateTarget } from '../targets/evaluate.ts';
import { parseTarget, VIRTUAL } from '../targets/expression.ts';
import { createUniverse, type Inventory } from '../targets/inventory.ts';
import type { WrittenFile } from './reader.ts';

/** The files of a config, and what became of them. */
export interface Named {
  readonly files: readonly WrittenFile[];
  /** The phones and groups of all files. */
  readonly inventory: Inventory;
  /** The file that has the phone of a name. */
  readonly fileOf: (name: string) => WrittenFile | undefined;
}

/**
 * Whether an address is in the targets of one file (`default`, groups, profiles) and of no other. That includes an
 * address which somebody typed: a resolved target does not say where its words came from. What the other files mean is
 * judged without the phones and groups of that file: `@all` of the user does not name a phone that only a project has.
 * `http` and `https` are two addresses here, because a password that may go to one may not go to the other.
 */
export function isNamedOnlyIn(
  file: WrittenFile,
  { files, inventory, fileOf }: Named,
): (phone: PhoneSettings) => boolean {
  const theirs = addressesIn(file, inventory);
  const phones = new Map([...inventory.phones].filter(([name]) => fileOf(name) !== file));
  const own = new Set(
    files
      .filter((one) => one !== file)
      .flatMap((one) => {
        const groups = new Map(Object.entries(one.settings.groups ?? {}));
        return [...addressesIn(one, { phones, groups })];
      }),
  );
  return (phone) => theirs.has(addressOf(phone)) && !own.has(addressOf(phone));
}

function addressesIn(file: WrittenFile, inventory: Inventory): ReadonlySet<string> {
  return new Set(targetsIn(file).flatMap((target) => selectedBy(target, inventory).map(addressOf)));
}

/** The targets of a file, wherever it has any. */
export function targetsIn({ settings }: WrittenFile): readonly string[] {
  const { default: target, groups = {}, profiles = {}, credentials = {} } = settings;
  const defaults = [target, ...Object.values(profiles).map((profile) => profile.default)];
  return [...defaults, ...Object.values(groups), ...Object.keys(credentials)].filter(
    (text) => text !== undefined,
  );
}

/** The phones of a target. One that selects nothing here selects nothing in a command either. */
export function selectedBy(target: string, inventory: Inventory): readonly PhoneSettings[] {
  try {
    const selected = [...evaluateTarget(parseTarget(target), createUniverse(inventory)).values()];
    return selected.filter((phone) => phone !== VIRTUAL);
  } catch (error) {
    if (!isAtcomError(error)) throw error;
    return [];
  }
}

const addressOf = (phone: PhoneSettings) => originOf(endpointOf(phone));
