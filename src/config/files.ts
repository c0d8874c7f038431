import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { AtcomError } from '../errors.ts';

/** Far more than a config of thousands of phones; what is larger is some other file. */
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

/** The error for a file that could not be read; `cause` is what the file system said. */
export function unreadable(file: string, cause: unknown): AtcomError<'unreadable-file'> {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return new AtcomError('unreadable-file', { file, reason: REASONS[code] ?? code }, { cause });
}

/** Whether something can be read here as a config file; a folder, a pipe or a device of that name is none. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // Missing, or in a folder that is closed to us: to a search both mean that there is nothing.
    return false;
  }
}

/**
 * Makes sure that this is a plain file of sensible size. Others may have chosen it: a device that never ends, or a
 * pipe that never begins, must not stop us.
 *
 * @throws {AtcomError} `unreadable-file`
 */
export function checkPlainFile(path: string): void {
  const stats = attempt(path, () => {
    accessSync(path, constants.R_OK);
    return statSync(path);
  });
  if (stats.isDirectory()) throw unusable(path, 'it is a folder');
  if (!stats.isFile()) throw unusable(path, 'it is no plain file');
  if (stats.size > LARGEST) throw unusable(path, 'it is larger than 4 MiB');
}

/**
 * The text of a plain file.
 *
 * @throws {AtcomError} `unreadable-file`
 */
export function readPlainFile(path: string): string {
  checkPlainFile(path);
  return attempt(path, () => readFileSync(path, 'utf8'));
}

/**
 * The password in a file: its first line. Pipes are welcome, as in `ATCOM_PASSWORD_FILE=<(pass show phones)`.
 *
 * @throws {AtcomError} `unreadable-file`
 */
export function readPassword(path: string): string {
  const text = attempt(path, () => readFileSync(path, 'utf8'));
  const line = text.replace(/^\uFEFF/, '').split(/\r?\n/, 1)[0] ?? '';
  if (line === '') throw unusable(path, 'its first line is empty');
  return line;
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw unreadable(path, error);
  }
}
