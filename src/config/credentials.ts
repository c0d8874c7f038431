import { AtcomError, isAtcomError } from '../errors.ts';
import { pathIn } from '../files/links.ts';
import { nameOf, type PhoneSettings } from '../protocol/settings.ts';
import { checkConfigTargets } from '../targets/effort.ts';
import { evaluateTarget } from '../targets/evaluate.ts';
import { parseTarget } from '../targets/expression.ts';
import { createUniverse, type Inventory } from '../targets/inventory.ts';
import { evaluateWhatIsThere } from '../targets/what-is-there.ts';
import type { Login } from './environment.ts';
import type { FileSettings } from './schema.ts';
import type { ReadSecret } from './secrets.ts';

/** `credentials:` of the user's file, resolved against the phones of all files. */
export interface CredentialsByTarget {
  /**
   * The credentials of the first target that selects the phone.
   *
   * @throws {AtcomError} `usage` if an earlier one may do so, and has a word after `!` or `&` that means nothing
   */
  of(phone: PhoneSettings): Promise<Login | undefined>;
  /** Targets that select nothing here, and why. That is no error, because the user's file serves other projects too. */
  readonly unused: readonly { readonly target: string; readonly reason: string }[];
}

/**
 * Resolves the targets of `credentials:`.
 *
 * @param written - in the order of the file
 * @param folder - the folder of the file, to which its paths are relative
 */
export function credentialsByTarget(
  written: readonly (readonly [target: string, entry: Entry])[],
  folder: string,
  inventory: Inventory,
  read: ReadSecret,
): CredentialsByTarget {
  const { keyOf } = createUniverse(inventory);
  const looks = { count: 0 };
  const entries = written.map(([target, entry]) => {
    // The work for one target is no reason to give another one up.
    const found = evaluateWhatIsThere(parseTarget(target), createUniverse({ ...inventory, looks }));
    checkConfigTargets(looks);
    return { target, entry, ...found };
  });
  return {
    async of(phone) {
      const found = entries.find(({ selected }) => selected.has(keyOf(phone)));
      if (found?.mistake !== undefined) throw unclear(found.target, phone, found.mistake);
      return found && loginOf(found.entry, folder, read);
    },
    unused: entries
      .filter(({ selected }) => selected.size === 0)
      .map(({ target }) => ({ target, reason: reasonOf(target, inventory) })),
  };
}

/** Why a target selects nothing. */
function reasonOf(target: string, inventory: Inventory): string {
  try {
    evaluateTarget(parseTarget(target), createUniverse(inventory));
    return 'it selects no phone';
  } catch (error) {
    if (!isAtcomError(error)) throw error;
    return error.message;
  }
}

/** Other credentials would be those of other phones, and a wrong password is an attempt at which a page may lock. */
function unclear(target: string, phone: PhoneSettings, mistake: string): AtcomError<'usage'> {
  const reason = `whether the credentials of ${JSON.stringify(target)} are for ${nameOf(phone)} is not clear: ${mistake}`;
  return new AtcomError('usage', { reason, hint: 'take what is not there out of that target' });
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
