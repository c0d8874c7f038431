import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { attempt } from '../../files/attempt.ts';
import { levelsOf, strangerAbove } from '../../files/folder-owner.ts';
import { ownFolder } from '../../files/home.ts';
import { linksTo, realPath } from '../../files/links.ts';
import { isAroundHome, isCheckout } from '../../files/project.ts';
import type { Context } from '../context.ts';
import { VERSION } from '../version.ts';

type Person = Pick<Context, 'cwd' | 'env' | 'uid' | 'pid'>;

/** Of the config that was completed last, so that nothing piles up. */
const FILE = 'names.json';

/** What was kept under this stamp; undefined if something else was, or somebody else may have put it there. */
export function recall<T>(person: Person, stamp: string, restore: (value: unknown) => T): T | undefined {
  return attempt(() => {
    const folder = ownFolder('cache', person.env);
    if (folder === undefined || !isTrusted(folder, person)) return undefined;
    const kept = JSON.parse(readOwn(join(folder, FILE), person));
    return kept.version === VERSION && kept.stamp === stamp ? restore(kept.value) : undefined;
  });
}

/** Keeps a value for {@link recall}, where nobody else can read or write it; nothing happens where that cannot be. */
export function keep(person: Person, stamp: string, value: unknown): void {
  attempt(() => {
    const folder = ownFolder('cache', person.env);
    if (folder === undefined) return;
    for (const level of [dirname(folder), folder])
      if (!existsSync(level) && isTrusted(dirname(level), person)) mkdirSync(level, { mode: 0o700 });
    if (!isTrusted(folder, person)) return;
    const beside = join(folder, `${FILE}.${person.pid}`);
    try {
      writeFileSync(beside, JSON.stringify({ version: VERSION, stamp, value }), { mode: 0o600, flag: 'wx' });
      renameSync(beside, join(folder, FILE));
    } catch {
      // The disk is full, and it would take what is left.
      rmSync(beside, { force: true });
    }
  });
}

/** As `bin/load.js` sees it: nobody else can have put anything into the folder, and no project brought it along. */
function isTrusted(folder: string, { uid, cwd }: Person): boolean {
  // The links on the way there count, too.
  const ways = [realPath(folder), ...linksTo(folder)];
  return (
    (uid === undefined || statSync(folder).uid === uid) &&
    strangerAbove(folder, uid) === undefined &&
    ways.every((way) => isOutside(way, cwd) && !levelsOf(way).some(isCheckout))
  );
}

/** Not at or below the current folder, unless the account itself is at home there, or below. */
function isOutside(folder: string, cwd: string): boolean {
  const here = realPath(cwd);
  return !levelsOf(folder).includes(here) || isAroundHome(here);
}

/** Not what a link leads to, nor a pipe that never answers. */
function readOwn(file: string, { uid }: Person): string {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const handle = openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stats = fstatSync(handle);
    const closed = uid === undefined || (stats.uid === uid && (stats.mode & 0o077) === 0);
    if (!stats.isFile() || !closed) throw new Error('not one of this user alone');
    return readFileSync(handle, 'utf8');
  } finally {
    closeSync(handle);
  }
}
