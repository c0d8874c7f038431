import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { attempt } from './attempt.ts';
import { levelsOf } from './folder-owner.ts';
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
  const home = attempt(() => realPath(userInfo().homedir));
  const isHome = (level: string) => home !== undefined && levelsOf(home).includes(level);
  const around = levelsOf(folder);
  return [own, ...above.filter(isCheckout)].find((level) => around.includes(level) && !isHome(level));
}
