import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { attempt } from './attempt.ts';
import { levelsOf } from './folder-owner.ts';
import { baseOf, homeOfAccount, ownFolder } from './home.ts';
import { placeOf, realPath } from './links.ts';
import type { Person } from './secret.ts';

/** What a project brings along is the user's own file, once it is checked out. A link that leads nowhere marks it, too. */
export function isCheckout(level: string): boolean {
  return ['.git', '.hg', '.svn'].some((name) => attempt(() => lstatSync(join(level, name))));
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

/**
 * The checkout that may have brought along the user's folder of configs, because HOME or XDG_CONFIG_HOME is in it, as in
 * some CI. What these name counts as written and where links lead, but no link below does: users have such links into a
 * checkout of their own. The folder that the account has anyway is the user's, whatever it is in.
 */
export function checkoutOfConfigs(env: Person['env']): string | undefined {
  const [folder, base, usual] = [ownFolder('config', env), baseOf('config', env), ownFolder('config', {})];
  if (folder === undefined || base === undefined) return undefined;
  const checkout = [...levelsOf(folder), ...levelsOf(placeOf(base))].find(
    (level) => isCheckout(level) && !isAroundHome(placeOf(level)),
  );
  return usual !== undefined && placeOf(folder) === placeOf(usual) ? undefined : checkout;
}

/** Whether a folder is the home of the account, or above it. */
export function isAroundHome(folder: string): boolean {
  const home = attempt(() => realPath(homeOfAccount() ?? ''));
  return home !== undefined && levelsOf(home).includes(folder);
}
