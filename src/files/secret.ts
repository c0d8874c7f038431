import { accessSync, constants, type Stats } from 'node:fs';
import { resolve } from 'node:path';
import { quoteShellWord } from '../shell.ts';
import { realPath } from './links.ts';
import { type Reading, readContent } from './read.ts';
import { unusable } from './reason.ts';

/** The user who runs this program. */
export interface Person {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The effective user id; undefined on systems without one. */
  readonly uid: number | undefined;
}

/** Nobody has a longer password. */
const LONGEST = 64 * 1024;

/** Where container engines and systemd put secrets: only root can. */
const OF_ROOT = /^\/(?:var\/)?run\/(?:secrets|credentials)\//;

/** The users whose files count as one's own. As in Git: under sudo, also those of the calling user. */
export function friendsOf({ env, uid }: Person): readonly number[] {
  if (uid === undefined) return [];
  const caller = uid === 0 && /^\d+$/.test(env['SUDO_UID'] ?? '') ? [Number(env['SUDO_UID'])] : [];
  return [uid, 0, ...caller];
}

/**
 * Refuses a file with a secret that others can read or write, as OpenSSH refuses a private key. A file of root is root's
 * decision, unless others can write it; a file system that is read-only, and the folders of container engines, too.
 *
 * @throws {AtcomError} `unreadable-file`
 */
export function checkSecret(path: string, stats: Stats, person: Person): void {
  const { uid } = person;
  // Windows has no file modes; a device, such as a terminal, keeps nothing.
  if (uid === undefined || !(stats.isFile() || stats.isFIFO()) || isProvided(path)) return;
  if (!friendsOf(person).includes(stats.uid)) {
    throw unusable(
      path,
      `it holds a secret and belongs to another user (${stats.uid})`,
      `copy it: install -m 600 ${quoteShellWord(path)} of-your-own`,
    );
  }
  const others = stats.uid === 0 && uid !== 0 ? 0o022 : 0o077;
  if ((stats.mode & others) === 0 || isReadOnly(path)) return;
  const what = (stats.mode & 0o022) === 0 ? 'read' : 'write';
  throw unusable(
    path,
    `it holds a secret and others can ${what} it`,
    `chmod 600 ${quoteShellWord(path)}; if others have read it, change the secret, too`,
  );
}

function isProvided(path: string): boolean {
  try {
    return OF_ROOT.test(realPath(path));
  } catch {
    return OF_ROOT.test(resolve(path));
  }
}

/** Whoever mounted it so has decided who reads it, and nobody can change that from here. */
function isReadOnly(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EROFS';
  }
}

/**
 * Reads a password or a token: the first line of a file that nobody else can read, or of a pipe, as in
 * `ATCOM_PASSWORD_FILE=<(pass show phones)`.
 *
 * @throws {AtcomError} `unreadable-file`; the signal's reason
 */
export async function readSecret(path: string, person: Person, signal: Reading['signal']): Promise<string> {
  const check = (stats: Stats) => checkSecret(path, stats, person);
  const { text } = await readContent(path, { most: LONGEST, signal, check });
  const line = text.replace(/^\uFEFF/, '').split(/\r?\n/, 1)[0] ?? '';
  if (line === '') throw unusable(path, 'its first line is empty');
  // Strict, because phones lock their page after several wrong passwords.
  if (line.includes('\uFFFD')) throw unusable(path, 'its first line holds a character that is not UTF-8');
  // A part of a text would keep all of it in memory.
  return Buffer.from(line).toString();
}
