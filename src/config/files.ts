import { accessSync, constants, lstatSync, readFileSync, type Stats, statSync } from 'node:fs';
import { AtcomError, isAtcomError } from '../errors.ts';
import { encodingMistake } from '../protocol/mistakes.ts';

/** More than a config with thousands of phones needs; a larger file is something else. */
const LARGEST = 4 * 1024 * 1024;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
};

/** The error for a file that cannot be used. */
export function unusable(file: string, reason: string): AtcomError<'unreadable-file'> {
  return new AtcomError('unreadable-file', { file, reason });
}

/** The error for a file that could not be read; `cause` is the error of the file system. */
export function unreadable(file: string, cause: unknown): AtcomError<'unreadable-file'> {
  const code = codeOf(cause);
  return new AtcomError('unreadable-file', { file, reason: REASONS[code] ?? code }, { cause });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/** Whether this is a plain file. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Whether anything has this name, including a folder or a broken link.
 *
 * @throws {AtcomError} `unreadable-file` if that is unknown
 */
export function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return false;
    throw unreadable(path, error);
  }
}

/** Whether a plain file can be read here, and only root can have written it. */
export function isOfRoot(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    const stats = statSync(path);
    return stats.isFile() && stats.uid === 0 && (stats.mode & 0o022) === 0;
  } catch {
    return false;
  }
}

/**
 * Checks that this is a plain file of reasonable size. Somebody else may have chosen it: an endless device, or a pipe
 * that nobody writes to, must not stop the program.
 *
 * @throws {AtcomError} `unreadable-file`
 */
export function checkPlainFile(path: string): void {
  if (!checkReadable(path).isFile()) throw unusable(path, 'it is no plain file');
}

/**
 * Checks that this can be read: a file of reasonable size, or a pipe or device that the user named.
 *
 * @throws {AtcomError} `unreadable-file`
 */
export function checkReadable(path: string): Stats {
  const stats = attempt(path, () => {
    const found = followed(path);
    accessSync(path, constants.R_OK);
    return found;
  });
  if (stats.isDirectory())
    throw unusable(path, 'it is a folder; Docker makes one where a mounted file is missing');
  if (stats.size > LARGEST) throw unusable(path, 'it is larger than 4 MiB');
  return stats;
}

function followed(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && isThere(path)) throw unusable(path, 'it is a link that leads nowhere');
    throw error;
  }
}

/**
 * Reads a plain file.
 *
 * @throws {AtcomError} `unreadable-file`
 */
export function readPlainFile(path: string): string {
  checkPlainFile(path);
  return attempt(path, () => readFileSync(path, 'utf8'));
}

/**
 * Reads a password: the first line of a file or a pipe, as in `ATCOM_PASSWORD_FILE=<(pass show phones)`.
 *
 * @throws {AtcomError} `unreadable-file`
 */
export function readPassword(path: string): string {
  const text = attempt(path, () => readFileSync(path, 'utf8'));
  const mistake = encodingMistake(text);
  // Strict, because phones lock their page after several wrong passwords.
  if (mistake !== undefined) throw unusable(path, mistake);
  const line = text.replace(/^\uFEFF/, '').split(/\r?\n/, 1)[0] ?? '';
  if (line === '') throw unusable(path, 'its first line is empty');
  if (line.includes('\uFFFD')) throw unusable(path, 'its first line holds a character that is not UTF-8');
  return line;
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw isAtcomError(error) ? error : unreadable(path, error);
  }
}
