import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readlinkSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AtcomError } from '../errors.ts';
import { attempt } from './attempt.ts';
import { strangerAbove } from './folder-owner.ts';
import { identityOf } from './identity.ts';
import { placeOf, realPath, wayTo } from './links.ts';
import { friendsOf, type Person } from './secret.ts';

/** How a path was found to lead to a file. */
interface Way {
  /** Where the file is, or will be, without links. */
  readonly place: string;
  /** The flag to open it with: what is no link now may be one by then. */
  readonly flag: number;
}

/**
 * Refuses a file that is to be written and that a link of another user leads to, or one that another user can exchange: in a
 * shared folder, such as /tmp, it may be a trap. Linux refuses links of others itself (`protected_symlinks`), but not
 * everywhere, nor do all systems.
 *
 * @throws {AtcomError} `unwritable-file`
 */
export function checkLinks(path: string, person: Person): Way {
  const { links, place } = wayTo(path);
  const itself = join(placeOf(dirname(path)), basename(path));
  const friends = friendsOf(person);
  const nameOf = (link: string) => (link === itself ? 'it' : link);
  for (const link of person.uid === undefined ? [] : links) {
    if (friends.includes(link.uid)) continue;
    throw planted(path, `${nameOf(link.path)} is a link of another user (${link.uid})`);
  }
  // The owner of a link and where it leads are not read at once: it could be exchanged in between.
  for (const link of links) {
    const stranger = strangerAbove(link.path, person.uid, friends);
    if (stranger === undefined) continue;
    throw planted(path, `${nameOf(link.path)} is a link that others could exchange: ${stranger}`);
  }
  return { place, flag: links.some((link) => link.path === itself) ? 0 : (constants.O_NOFOLLOW ?? 0) };
}

/**
 * Refuses a file or folder that was opened if it is not the one that was checked: whoever can rename a folder on the way
 * can put a link there meanwhile. Also what {@link checkPlanted} refuses.
 *
 * @param way - what {@link checkLinks} returned
 * @param fd - the open file
 * @throws {AtcomError} `unwritable-file`
 */
export function checkOpened(path: string, { place }: Way, fd: number, person: Person): void {
  const stats = fstatSync(fd);
  const isPlaced = stats.isFile() || stats.isDirectory();
  if (person.uid !== undefined && isPlaced && !isThere(place, fd))
    throw planted(path, 'a folder on the way to it was replaced while it was opened');
  checkPlanted(path, stats, person);
}

/** A folder that stays the one it is, whatever another user puts at its path. */
interface HeldFolder {
  /** Its path while it is held. */
  readonly path: string;
  release(): void;
}

/**
 * Holds a folder to write in. On Linux its path goes through the open folder, so nobody can lead it elsewhere.
 *
 * @throws {AtcomError} `unwritable-file`
 * @throws errors of the file system
 */
export function holdFolder(path: string, way: Way, person: Person): HeldFolder {
  // Windows opens no folders.
  if (person.uid === undefined) return { path, release: () => undefined };
  const fd = openSync(path, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | way.flag);
  const release = () => closeSync(fd);
  try {
    checkOpened(path, way, fd, person);
    const held = `/proc/self/fd/${fd}`;
    return { path: existsSync(held) ? held : path, release };
  } catch (error) {
    release();
    throw error;
  }
}

/** Linux tells where an open file is. Elsewhere, what is at that place must still be this file. */
function isThere(place: string, fd: number): boolean {
  const opened = attempt(() => readlinkSync(`/proc/self/fd/${fd}`));
  // Some file systems take both cases for one.
  if (opened !== undefined) return opened.toLowerCase() === place.toLowerCase();
  const { dev, ino } = fstatSync(fd, { bigint: true });
  return identityOf(place) === `${dev}:${ino}`;
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
