import { isAtcomError } from '../errors.ts';
import { pathIn } from '../files/links.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import { evaluateTarget } from '../targets/evaluate.ts';
import { parseTarget } from '../targets/expression.ts';
import { createUniverse, type Inventory } from '../targets/inventory.ts';
import type { Login } from './environment.ts';
import type { FileSettings } from './schema.ts';
import type { ReadSecret } from './secrets.ts';

/** `credentials:` of the user's file, resolved against the phones of all files. */
export interface CredentialsByTarget {
  /** The credentials of the first target that selects the phone. */
  of(phone: PhoneSettings): Promise<Login | undefined>;
  /** Targets that select nothing here, and why. That is no error, because the user's file serves other projects too. */
  readonly unused: readonly { readonly target: string; readonly reason: string }[];
}

/**
 * Resolves the targets of `credentials:`.
 *
 * @param folder - the folder of the file, to which its paths are relative
 */
export function credentialsByTarget(
  written: NonNullable<FileSettings['credentials']>,
  folder: string,
  inventory: Inventory,
  read: ReadSecret,
): CredentialsByTarget {
  const universe = createUniverse(inventory);
  const unused: { target: string; reason: string }[] = [];
  const entries = Object.entries(written).flatMap(([target, entry]) => {
    try {
      const selected = new Set(evaluateTarget(parseTarget(target), universe).keys());
      return [{ selected, entry }];
    } catch (error) {
      if (!isAtcomError(error)) throw error;
      unused.push({ target, reason: error.message });
      return [];
    }
  });
  return {
    async of(phone) {
      const found = entries.find(({ selected }) => selected.has(universe.keyOf(phone)));
      return found && loginOf(found.entry, folder, read);
    },
    unused,
  };
}

type Entry = NonNullable<FileSettings['credentials']>[string];

async function loginOf(
  { user, password, passwordFile }: Entry,
  folder: string,
  read: ReadSecret,
): Promise<Login> {
  const secret = passwordFile === undefined ? password : await read(pathIn(folder, passwordFile));
  return { ...(user === undefined ? {} : { user }), ...(secret === undefined ? {} : { password: secret }) };
}
