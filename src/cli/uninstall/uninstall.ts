import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { homedir, platform } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { findConfig, stateFolder } from '../../config/index.ts';
import { AtcomError } from '../../errors.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import type { Context } from '../context.ts';
import { confirm } from '../output/confirm.ts';
import { columns, visible } from '../output/text.ts';

interface Left {
  readonly what: string;
  readonly path: string;
  /** Whether it is removed; files written by the user are kept. */
  readonly removed: boolean;
}

/** Removes everything that the program itself created in this account. */
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
      throw new AtcomError('not-confirmed', { what });
    for (const { path } of going) await rm(path, { recursive: true, force: true });
  }
  output.result({ ...documentHead('uninstall'), dryRun, left }, () =>
    left.length === 0
      ? 'atcom left nothing in this account'
      : columns(left.map(({ what, path, removed }) => [wordFor(removed, dryRun), what, visible(path)])),
  );
}

function wordFor(removed: boolean, dryRun: boolean): string {
  if (!removed) return 'yours';
  return dryRun ? 'would go' : 'removed';
}

function leftBy(context: Context): readonly Left[] {
  const { found, user } = findConfig(context);
  const config = found.filter(({ kind }) => kind !== 'user').map(({ path }) => path);
  return [
    { what: 'compiled code', path: cacheFolder(context.env), removed: true },
    { what: 'what it remembers of phones', path: stateFolder(context.env), removed: true },
    { what: 'your config', path: dirname(user), removed: false },
    ...config.map((path) => ({ what: 'config', path, removed: false })),
  ];
}

/** Where bin/load.js stores compiled code. */
function cacheFolder(env: Context['env'], system: NodeJS.Platform = platform()): string {
  const home = env['HOME'] || env['USERPROFILE'] || homedir();
  if (system === 'darwin') return join(home, 'Library', 'Caches', 'atcom');
  if (system === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'atcom');
  const base = env['XDG_CACHE_HOME'];
  return join(base !== undefined && isAbsolute(base) ? base : join(home, '.cache'), 'atcom');
}
