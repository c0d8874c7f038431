import type { FileHandle } from 'node:fs/promises';
import { friendsOf, type Person } from '../files/secret.ts';
import { quoteShellWord } from '../shell.ts';
import { unusable } from './journal-error.ts';

/**
 * Makes a journal that existed already its owner's alone, as a new one is. One that others could write is refused, as
 * OpenSSH refuses such files: a line that somebody removed makes a run press a phone again.
 *
 * @throws {AtcomError} `journal`
 */
export async function keepPrivate(
  path: string,
  handle: FileHandle,
  person: Person | undefined,
): Promise<void> {
  // Windows has no file modes.
  if (person?.uid === undefined) return;
  const { uid, mode } = await handle.stat();
  if (!friendsOf(person).includes(uid)) {
    throw unusable(path, `it belongs to another user (${uid})`, 'name another file');
  }
  if ((mode & 0o077) === 0) return;
  // A file of root that this user may write, and a file system without modes, such as FAT.
  await handle.chmod(0o600).catch(() => undefined);
  const hasModes = ((await handle.stat()).mode & 0o077) === 0;
  const isShared = (mode & 0o022) !== 0 && (hasModes || uid !== person.uid);
  if (!isShared) return;
  // What it holds is no better for being private now: the next run must be told the same.
  await handle.chmod(mode & 0o7777).catch(() => undefined);
  throw unusable(path, 'others can write it', `if it is as you left it: chmod 600 ${quoteShellWord(path)}`);
}
