import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { strangerIn } from '../../config/index.ts';
import { attempt } from '../../files/attempt.ts';
import { strangerAbove } from '../../files/folder-owner.ts';
import { cacheFolder } from '../cache-folder.ts';
import type { Context } from '../context.ts';
import { VERSION } from '../version.ts';

type Person = Pick<Context, 'cwd' | 'env' | 'uid' | 'pid'>;

/** Of the config that was completed last, so that nothing piles up. */
const FILE = 'names.json';

/** What was kept under this stamp; undefined if something else was, or somebody else may have put it there. */
export function recall<T>(person: Person, stamp: string, restore: (value: unknown) => T): T | undefined {
  return attempt(() => {
    const folder = folderOf(person);
    if (!isTrusted(folder, person)) return undefined;
    const kept = JSON.parse(readOwn(join(folder, FILE), person));
    return kept.version === VERSION && kept.stamp === stamp ? restore(kept.value) : undefined;
  });
}

/** Keeps a value for {@link recall}, where nobody else can read or write it; nothing happens where that cannot be. */
export function keep(person: Person, stamp: string, value: unknown): void {
  attempt(() => {
    const folder = folderOf(person);
    for (const level of [dirname(folder), folder])
      if (!existsSync(level) && isOwn(dirname(level), person)) mkdirSync(level, { mode: 0o700 });
    if (!isTrusted(folder, person)) return;
    const beside = join(folder, `${FILE}.${person.pid}`);
    writeFileSync(beside, JSON.stringify({ version: VERSION, stamp, value }), { mode: 0o600, flag: 'wx' });
    renameSync(beside, join(folder, FILE));
  });
}

/** @throws {Error} for root with the home of another user, whose links could lead anywhere */
function folderOf({ env, uid }: Person): string {
  const folder = cacheFolder(env);
  if (uid === 0 && strangerAbove(folder) !== undefined) throw new Error('the folder of another user');
  return folder;
}

/** As `bin/load.js` sees it: nobody else can have put anything into the folder, and no project brought it along. */
function isTrusted(folder: string, person: Person): boolean {
  return strangerIn(folder, person) === undefined && isOutside(realpathSync(folder), person.cwd);
}

/** Not at or below the current folder, unless the account itself is at home there, or below. */
function isOutside(folder: string, cwd: string): boolean {
  const here = realpathSync(cwd);
  return !levelsOf(folder).includes(here) || levelsOf(realpathSync(userInfo().homedir)).includes(here);
}

/** The folder and those above it. */
function levelsOf(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...levelsOf(above)];
}

/** Nothing is made in the home of another user, as under sudo. */
function isOwn(folder: string, { uid }: Person): boolean {
  return uid === undefined || statSync(folder).uid === uid;
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
