import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { attempt } from './attempt.ts';
import { levelsOf } from './folder-owner.ts';
import { homeOfAccount } from './home.ts';
import { realPath } from './links.ts';

/** What a project brings along is the user's own file, once it is checked out. */
export function isCheckout(level: string): boolean {
  return ['.git', '.hg', '.svn'].some((name) => existsSync(join(level, name)));
}

/**
 * The folder of a project that may have brought along a file and what is in a folder, such as the user's state: a checkout
 * that the file is in, however many are around it, or its own folder. Undefined if they are not in one, or if it is the home
 * of the account.
 */
export function projectOfBoth(file: string, folder: string): string | undefined {
  const [own = '', ...above] = levelsOf(dirname(file));
  const around = levelsOf(folder);
  return [own, ...above.filter(isCheckout)].find((level) => around.includes(level) && !isAroundHome(level));
}

/** Whether a folder is the home of the account, or above it. */
export function isAroundHome(folder: string): boolean {
  const home = attempt(() => realPath(homeOfAccount() ?? ''));
  return home !== undefined && levelsOf(home).includes(folder);
}
