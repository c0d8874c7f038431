import { constants, lstatSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AtcomError } from '../errors.ts';
import { attempt } from './attempt.ts';
import { linksTo, placeOf, realPath } from './links.ts';
import { friendsOf, type Person } from './secret.ts';

/**
 * Refuses a file that is to be written and that a link of another user leads to: in a shared folder, such as /tmp, it may
 * be a trap. Linux refuses such links itself (`protected_symlinks`), but not everywhere, nor do all systems.
 *
 * @returns the flag to open it with: what is no link now may be one by then
 * @throws {AtcomError} `unwritable-file`
 */
export function checkLinks(path: string, person: Person): number {
  const links = linksTo(path);
  const itself = join(placeOf(dirname(path)), basename(path));
  const friends = friendsOf(person);
  for (const link of links) {
    const owner = attempt(() => lstatSync(link).uid);
    if (person.uid === undefined || owner === undefined || friends.includes(owner)) continue;
    throw planted(path, `${link === itself ? 'it' : link} is a link of another user (${owner})`);
  }
  return links.includes(itself) ? 0 : (constants.O_NOFOLLOW ?? 0);
}

/**
 * Refuses a file that another user may have put where everybody can: one of theirs, or a second name of another file. Linux
 * calls the same `protected_regular`, `protected_fifos` and `protected_hardlinks`.
 *
 * @param stats - those of the open file
 * @throws {AtcomError} `unwritable-file`
 */
export function checkPlanted(path: string, stats: Stats, person: Person): void {
  if (person.uid === undefined || !(stats.isFile() || stats.isFIFO()) || !isShared(path)) return;
  if (!friendsOf(person).includes(stats.uid))
    throw planted(path, `it belongs to another user (${stats.uid}), in a folder for everybody`);
  if (stats.nlink > 1) throw planted(path, 'it is also a file elsewhere, and in a folder for everybody');
}

/** Whether a file is in a folder such as /tmp. */
function isShared(path: string): boolean {
  const folder = attempt(() => statSync(dirname(realPath(path))));
  return folder !== undefined && (folder.mode & 0o1000) !== 0 && (folder.mode & 0o022) !== 0;
}

function planted(file: string, reason: string) {
  const hint = 'name another file, best in a folder of your own';
  return new AtcomError('unwritable-file', { file, reason, hint });
}
