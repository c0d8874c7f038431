import { readdirSync } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { attempt } from '../../files/attempt.ts';
import { removeFile } from '../../files/remove.ts';
import { LOCK } from '../../fleet/phone-locks.ts';

/** The folder of the locks of phones, in that of the state. */
export const LOCKS = 'phones';

/** The names of files that the program makes, also while it makes them. */
export const OWN = {
  cache: [
    // Compiled code, as bin/load.js names it.
    /^[\w-]+-v\d+\.\d+\.\d+(-(nightly|rc|test|v8)[\w.-]*)?-(arm|arm64|ia32|loong64|mips|mipsel|ppc64|riscv64|s390x|x64)(\.\d+)?$/,
    /^names\.json(\.\d+)?$/,
  ],
  state: [
    /^(trusted|approvals)\.json(\.[\da-f-]{36})?$/,
    /^listener-(\d+-[\da-f._]+-\d*|secret(\.[\da-f]{16})?)$/,
    /^handler\.log$/,
  ],
} as const;

/** What is in a folder of the program. */
export interface OwnFiles {
  /** The files that it made. */
  readonly own: readonly string[];
  /** What somebody else put there, because XDG_…_HOME is also used for other things. */
  readonly others: readonly string[];
}

/**
 * The files in a folder of the program; undefined if there is none.
 *
 * @param names - of the files that it makes there
 */
export function filesIn(folder: string, names: readonly RegExp[]): OwnFiles | undefined {
  const here = split(folder, (name) => names.some((one) => one.test(name)));
  const locks = split(join(folder, LOCKS), (name) => LOCK.test(name));
  if (here === undefined || locks === undefined) return here;
  return {
    own: [...here.own, ...locks.own],
    others: [...here.others.filter((path) => path !== join(folder, LOCKS)), ...locks.others],
  };
}

/** Removes the files that the program made, and a folder if nothing else is in it. Locks have their own rules. */
export async function removeOwn(folder: string, { own }: OwnFiles): Promise<void> {
  for (const file of own) if (!LOCK.test(file)) await removeFile(file);
  await rmdir(folder).catch(() => undefined);
}

/** Only plain files are the program's own: it makes no links. */
function split(folder: string, isOwn: (name: string) => boolean): OwnFiles | undefined {
  const entries = attempt(() => readdirSync(folder, { withFileTypes: true }));
  const paths = (own: boolean) =>
    (entries ?? [])
      .filter((entry) => (entry.isFile() && isOwn(entry.name)) === own)
      .map(({ name }) => join(folder, name));
  return entries && { own: paths(true), others: paths(false) };
}
