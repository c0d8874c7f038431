import { AtcomError, isAtcomError } from '../errors.ts';
import { pathIn } from '../files/links.ts';
import { nameOf, type PhoneSettings } from '../protocol/settings.ts';
import { evaluateTarget, evaluateWords } from '../targets/evaluate.ts';
import { parseTarget } from '../targets/expression.ts';
import { createUniverse, type Inventory, type Universe } from '../targets/inventory.ts';
import type { Login } from './environment.ts';
import type { FileSettings } from './schema.ts';
import type { ReadSecret } from './secrets.ts';

/** `credentials:` of the user's file, resolved against the phones of all files. */
export interface CredentialsByTarget {
  /**
   * The credentials of the first target that selects the phone.
   *
   * @throws {AtcomError} `usage` if an earlier one may have been meant to, and has a word that means nothing
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
  const universe = createUniverse(inventory);
  const entries = written.map(([target, entry]) => ({ target, entry, ...resolved(target, universe) }));
  return {
    async of(phone) {
      const found = entries.find(({ selected }) => selected.has(universe.keyOf(phone)));
      if (found?.mistake !== undefined) throw unclear(found.target, phone, found.mistake);
      return found && loginOf(found.entry, folder, read);
    },
    unused: entries.flatMap(({ target, mistake }) =>
      mistake === undefined ? [] : [{ target, reason: mistake }],
    ),
  };
}

/** What a target selects; where it is wrong, what it may have been meant to select, and why. */
function resolved(target: string, universe: Universe) {
  const expression = parseTarget(target);
  try {
    return { selected: evaluateTarget(expression, universe) };
  } catch (error) {
    if (!isAtcomError(error)) throw error;
    return { selected: evaluateWords(expression, universe), mistake: error.message };
  }
}

/** The next credentials would be those of other phones, and a wrong password is an attempt at which a page may lock. */
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
