import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findConfig, stateFolder } from '../../config/index.ts';
import { AtcomError } from '../../errors.ts';
import { strangerAbove } from '../../files/folder-owner.ts';
import { removeLocks } from '../../fleet/phone-locks.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import { cacheFolder } from '../cache-folder.ts';
import type { Context } from '../context.ts';
import { confirm } from '../output/confirm.ts';
import { columns, visible } from '../output/text.ts';

interface Left {
  readonly what: string;
  readonly path: string;
  /** Whether it is removed; files written by the user are kept. */
  readonly removed: boolean;
}

/** The folder of the locks of phones, in that of the state. */
const LOCKS = 'phones';

/**
 * Removes everything that the program itself created in this account.
 *
 * @throws {AtcomError} `phone-in-use` while a run has a lock
 */
export async function uninstall(
  context: Context,
  options: { readonly dryRun?: boolean | undefined; readonly yes?: boolean | undefined },
): Promise<void> {
  const { output } = context;
  const left = leftBy(context).filter(({ path }) => existsSync(path));
  const going = left.filter(({ removed }) => removed);
  const dryRun = options.dryRun === true;
  if (!dryRun && going.length > 0) {
    const what = `this removes ${going.map(({ path }) => visible(path)).join(' and ')}`;
    if (options.yes !== true && !(await confirm(context, what)))
      throw new AtcomError('not-confirmed', { what, undone: 'removed' });
    await removeLocks(join(stateFolder(context), LOCKS));
    for (const { path } of going) await remove(path);
  }
  output.result({ ...documentHead('uninstall'), dryRun, left }, () =>
    left.length === 0
      ? 'atcom left nothing in this account'
      : columns(left.map(({ what, path, removed }) => [wordFor(removed, dryRun), what, visible(path)])),
  );
}

/** Removes a folder, but no lock that a run has taken meanwhile. */
async function remove(folder: string): Promise<void> {
  if (lstatSync(folder).isSymbolicLink()) return rm(folder);
  for (const name of readdirSync(folder).filter((each) => each !== LOCKS))
    await rm(join(folder, name), { recursive: true, force: true });
  await rmdir(folder).catch(() => undefined);
}

function wordFor(removed: boolean, dryRun: boolean): string {
  if (!removed) return 'yours';
  return dryRun ? 'would go' : 'removed';
}

function leftBy(context: Context): readonly Left[] {
  const { found, user } = findConfig(context);
  const cache = cacheFolder(context.env);
  // As root, atcom has put nothing there, and a link of theirs could lead anywhere.
  const isOthers = context.uid === 0 && strangerAbove(cache) !== undefined;
  const config = found.filter(({ kind }) => kind !== 'user').map(({ path }) => path);
  return [
    ...(isOthers ? [] : [{ what: 'compiled code, and names for completion', path: cache, removed: true }]),
    { what: 'what it remembers about phones', path: stateFolder(context), removed: true },
    { what: 'your config', path: dirname(user), removed: false },
    ...config.map((path) => ({ what: 'config', path, removed: false })),
  ];
}
