import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findConfig, stateIfAny } from '../../config/index.ts';
import { visible } from '../../errors/visible.ts';
import { AtcomError } from '../../errors.ts';
import { strangerAbove } from '../../files/folder-owner.ts';
import { ownFolder } from '../../files/home.ts';
import { removeLocks } from '../../fleet/phone-locks.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import type { Context } from '../context.ts';
import { confirm } from '../output/confirm.ts';
import { columns } from '../output/text.ts';
import { filesIn, LOCKS, OWN, type OwnFiles, removeOwn } from './own-files.ts';

interface Left {
  readonly what: string;
  readonly path: string;
  /** Whether it is removed; files written by the user are kept. */
  readonly removed: boolean;
  /** Of a folder that the program uses. */
  readonly files?: OwnFiles;
}

/**
 * Removes everything that the program itself created in this account.
 *
 * @throws {AtcomError} `phone-in-use` while a run has a lock; `usage` while a listener runs
 */
export async function uninstall(
  context: Context,
  options: { readonly dryRun?: boolean | undefined; readonly yes?: boolean | undefined },
): Promise<void> {
  const { output } = context;
  const left = leftBy(context);
  const going = left.filter(({ removed }) => removed);
  const dryRun = options.dryRun === true;
  if (!dryRun && going.length > 0) {
    const what = `this removes what atcom made in ${going.map(({ path }) => visible(path)).join(' and ')}`;
    if (options.yes !== true && !(await confirm(context, what)))
      throw new AtcomError('not-confirmed', { what, undone: 'removed' });
    const state = stateIfAny(context);
    if (state !== undefined) {
      await checkListeners(state, context.signal);
      await removeLocks(join(state, LOCKS));
    }
    for (const { path, files } of going) if (files !== undefined) await removeOwn(path, files);
  }
  const shown = left.map(({ files: _, ...one }) => one);
  output.result({ ...documentHead('uninstall'), dryRun, left: shown }, () =>
    left.length === 0
      ? 'atcom left nothing in this account'
      : columns(left.map(({ what, path, removed }) => [wordFor(removed, dryRun), what, visible(path)])),
  );
}

/** Without what would be removed, other programs would not find a listener, and hear nothing beside it. */
async function checkListeners(state: string, signal: AbortSignal): Promise<void> {
  const { listenersIn, openSameUser, Phonebook, runsAt } = await import('../../receiver/index.ts');
  const listeners = await listenersIn(state);
  if (listeners.length === 0) return;
  // Without the secret, whoever has the port may be a listener.
  const sameUser = existsSync(join(state, 'listener-secret'))
    ? await openSameUser(state).catch((error: Error) => error)
    : new Error('the secret is gone');
  const phonebook = new Phonebook([]);
  for (const { address, port } of listeners) {
    if (!(await runsAt(address, { port, sameUser, phonebook, signal }, SLOWEST))) continue;
    const reason = `a listener runs at ${address}, port ${port}, and other programs find it by what would be removed`;
    throw new AtcomError('usage', { reason, hint: 'end it first' });
  }
  signal.throwIfAborted();
}

/** How long a listener of this computer may take to answer, in milliseconds. */
const SLOWEST = 3000;

function wordFor(removed: boolean, dryRun: boolean): string {
  if (!removed) return 'yours';
  return dryRun ? 'would go' : 'removed';
}

function leftBy(context: Context): readonly Left[] {
  const { found, user } = findConfig(context);
  const cache = ownFolder('cache', context.env);
  const state = stateIfAny(context);
  // Where others can write, atcom has put nothing, and a link of theirs could lead anywhere.
  const isOthers = cache !== undefined && strangerAbove(cache, context.uid) !== undefined;
  const config = found.filter(({ kind }) => kind !== 'user').map(({ path }) => path);
  const kept = [
    ...(user === undefined ? [] : [{ what: 'your config', path: dirname(user), removed: false }]),
    ...config.map((path) => ({ what: 'config', path, removed: false })),
  ].filter(({ path }) => existsSync(path));
  const made = [
    ...(isOthers || cache === state
      ? []
      : leftIn(cache, OWN.cache, 'compiled code, and names for completion')),
    ...leftIn(
      state,
      cache === state ? [...OWN.cache, ...OWN.state] : OWN.state,
      'what it remembers about phones',
    ),
  ];
  const isKnown = (path: string) => kept.some((one) => one.path === path || one.path === dirname(path));
  return [...made.filter(({ path, removed }) => removed || !isKnown(path)), ...kept];
}

/** What the program made in a folder, and what else is in it. */
function leftIn(folder: string | undefined, names: readonly RegExp[], what: string): readonly Left[] {
  const files = folder === undefined ? undefined : filesIn(folder, names);
  if (folder === undefined || files === undefined) return [];
  const { own, others } = files;
  return [
    ...(own.length > 0 || others.length === 0 ? [{ what, path: folder, removed: true, files }] : []),
    ...others.map((path) => ({ what: 'not made by atcom', path, removed: false })),
  ];
}
