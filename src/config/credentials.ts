import { hearSignal } from '../abort.ts';
import { AtcomError, isAtcomError } from '../errors.ts';
import { pathIn } from '../files/links.ts';
import { nameOf, type PhoneSettings } from '../protocol/settings.ts';
import { checkConfigTargets, type Looks } from '../targets/effort.ts';
import { evaluateTarget } from '../targets/evaluate.ts';
import { parseTarget } from '../targets/expression.ts';
import { createUniverse, type Inventory } from '../targets/inventory.ts';
import { keyOf, type WhatIsTold } from '../targets/known.ts';
import { evaluateWhatIsThere, type WhatIsThere } from '../targets/what-is-there.ts';
import type { Login } from './environment.ts';
import type { FileSettings } from './schema.ts';
import type { ReadSecret } from './secrets.ts';

/** `credentials:` of the user's file, resolved against the phones of all files. */
export interface CredentialsByTarget {
  /**
   * The credentials of the first target that selects the phone.
   *
   * @throws {AtcomError} `usage` if an earlier one may do so, and has a word after `!` or `&` that means nothing; the
   * reason of the signal
   */
  of(phone: PhoneSettings): Promise<Login | undefined>;
  /**
   * Targets with words that mean nothing here. That is no error, because the user's file serves other projects too.
   *
   * @throws {AtcomError} `usage` for targets that are too large together
   */
  mistakes(): readonly CredentialsMistake[];
}

/** A target with a word that means nothing. */
export interface CredentialsMistake {
  readonly target: string;
  readonly reason: string;
  /** How many phones it selects all the same. */
  readonly phones: number;
}

/** The phones of all files. */
interface AllPhones extends Inventory {
  readonly told: WhatIsTold;
  /** Counts what the targets examine in all profiles. */
  readonly looks: Looks;
  /** The same without a file that was merely found, if there is one. */
  readonly own?: WithoutFound | undefined;
}

interface WithoutFound extends Pick<Inventory, 'phones' | 'groups'> {
  /** The user's phones that only count because of that file, whose profile is in the place of the user's own. */
  readonly others: readonly PhoneSettings[];
  /** Whether only that file names a phone. It chooses the password of no other. */
  readonly isFound: (phone: PhoneSettings) => Promise<boolean>;
}

/**
 * Resolves the targets of `credentials:`.
 *
 * @param written - in the order of the file
 * @param folder - the folder of the file, to which its paths are relative
 * @throws {AtcomError} `usage` for targets that are too large; the reason of the signal
 */
export async function credentialsByTarget(
  written: readonly (readonly [target: string, entry: Entry])[],
  folder: string,
  { own: ownThings, ...inventory }: AllPhones,
  read: ReadSecret,
  signal?: AbortSignal,
): Promise<CredentialsByTarget> {
  const entriesIn = async ({ phones, groups }: Pick<Inventory, 'phones' | 'groups'>) => {
    const entries: (WhatIsThere & { readonly target: string; readonly entry: Entry })[] = [];
    for (const [target, entry] of written) {
      await hearSignal(signal);
      const found = inEntry(target, () => {
        // The work for one target is no reason to give another one up.
        const universe = createUniverse({ ...inventory, phones, groups });
        const there = evaluateWhatIsThere(parseTarget(target, universe.effort), universe);
        checkConfigTargets(inventory.looks);
        return there;
      });
      entries.push({ target, entry, ...found });
    }
    return entries;
  };
  const entries = await entriesIn(inventory);
  const known = ownThings ?? inventory;
  // A phone that was replaced is meant by the name that the user gave it.
  const replaced = [...inventory.told.replaced, ownThings?.others ?? []].map((phones) => {
    const keys = new Set(phones.map(keyOf));
    const named = phones.map((phone) => [phone.name ?? '', phone] as const);
    const phonesThen = () => new Map([...known.phones, ...named]);
    return { keys, entries: once(() => entriesIn({ ...known, phones: phonesThen() })) };
  });
  const own = once(() => entriesIn(known));
  const ownKeys = new Set([...(ownThings?.phones.values() ?? [])].map(keyOf));
  const entriesFor = async (phone: PhoneSettings) => {
    const key = keyOf(phone);
    const isOwn = known.phones.has(phone.name ?? '') || ownKeys.has(key);
    const before = isOwn ? undefined : replaced.find(({ keys }) => keys.has(key));
    if (before !== undefined) return before.entries();
    return ownThings === undefined || (await ownThings.isFound(phone)) ? entries : own();
  };
  return {
    async of(phone) {
      const key = keyOf(phone);
      const found = (await entriesFor(phone)).find(({ selected }) => selected.has(key));
      const doubt = found?.doubtful.get(key);
      if (doubt !== undefined) throw unclear(found?.target, phone, doubt);
      return found && loginOf(found.entry, folder, read);
    },
    mistakes() {
      const looks = { count: 0 };
      return entries.flatMap(({ target, selected }) => {
        const reason = mistakeIn(target, { ...inventory, looks });
        checkConfigTargets(looks);
        return reason === undefined ? [] : [{ target, reason, phones: selected.size }];
      });
    },
  };
}

/** What is computed when it is needed first. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Adds the entry to an error. */
function inEntry<T>(target: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!isAtcomError(error)) throw error;
    const { message, hint } = error;
    const details = { reason: `credentials of ${JSON.stringify(target)}: ${message}` };
    throw new AtcomError('usage', hint === undefined ? details : { ...details, hint }, { cause: error });
  }
}

/** What is wrong with a target, read as that of a command. */
function mistakeIn(target: string, inventory: Inventory): string | undefined {
  try {
    const universe = createUniverse(inventory);
    evaluateTarget(parseTarget(target, universe.effort), universe);
    return undefined;
  } catch (error) {
    if (!isAtcomError(error)) throw error;
    return error.message;
  }
}

/** Other credentials would be those of other phones, and a wrong password is an attempt at which a page may lock. */
function unclear(target: string | undefined, phone: PhoneSettings, doubt: string): AtcomError<'usage'> {
  const reason = `whether the credentials of ${JSON.stringify(target)} are for ${nameOf(phone)} is not clear: ${doubt}`;
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
