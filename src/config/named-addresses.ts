import { isAtcomError } from '../errors.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import { evaluateTarget } from '../targets/evaluate.ts';
import { parseTarget } from '../targets/expression.ts';
import { createUniverse, type Inventory } from '../targets/inventory.ts';
import type { WrittenFile } from './reader.ts';

/**
 * Whether an address is in the targets of one file (`default`, groups, profiles) and of no other. That includes an
 * address which somebody typed: a resolved target does not say where its words came from.
 *
 * @param inventory - the phones and groups of all files
 */
export function isNamedOnlyIn(
  file: WrittenFile,
  files: readonly WrittenFile[],
  inventory: Inventory,
): (phone: PhoneSettings) => boolean {
  const theirs = addressesIn(file, inventory);
  const own = new Set(
    files
      .filter((one) => one !== file)
      .flatMap((one) => {
        const groups = new Map(Object.entries(one.settings.groups ?? {}));
        return [...addressesIn(one, { ...inventory, groups })];
      }),
  );
  const { keyOf } = createUniverse(inventory);
  return (phone) => theirs.has(keyOf(phone)) && !own.has(keyOf(phone));
}

function addressesIn({ settings }: WrittenFile, inventory: Inventory): ReadonlySet<string> {
  const { default: target, groups = {}, profiles = {}, credentials = {} } = settings;
  const defaults = [target, ...Object.values(profiles).map((profile) => profile.default)];
  const texts = [...defaults, ...Object.values(groups), ...Object.keys(credentials)];
  return new Set(texts.flatMap((text) => (text === undefined ? [] : keysOf(text, inventory))));
}

/** A target that selects nothing here selects nothing in a command either. */
function keysOf(target: string, inventory: Inventory): readonly string[] {
  try {
    return [...evaluateTarget(parseTarget(target), createUniverse(inventory)).keys()];
  } catch (error) {
    if (!isAtcomError(error)) throw error;
    return [];
  }
}
