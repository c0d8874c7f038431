import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs';
import { isAtcomError } from '../errors.ts';
import { unreadable, unusable } from './reason.ts';

/** More than a file of thousands of phones needs; a larger one is something else. */
export const LARGEST = 4 * 1024 * 1024;

/**
 * Opening never waits: a pipe that nobody writes to would stop the program, and not even Ctrl-C would end it. A terminal
 * that is read does not become the one that controls this process.
 */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/** How much is read at once, in bytes. */
const PIECE = 64 * 1024;

/** A file that was opened; `stats` are those of what was opened, whatever its name means by now. */
export interface Opened {
  readonly fd: number;
  readonly stats: Stats;
}

/**
 * Opens a file for reading, without waiting for anything.
 *
 * @param most - its maximum size in bytes
 * @throws {AtcomError} `unreadable-file`
 */
export function openToRead(path: string, most: number): Opened {
  let fd: number;
  try {
    fd = openSync(path, READ);
  } catch (error) {
    throw leadsNowhere(path, error)
      ? unusable(path, 'it is a link that leads nowhere')
      : unreadable(path, error);
  }
  return closedOnError(path, fd, () => {
    const stats = fstatSync(fd);
    if (stats.isDirectory()) {
      throw unusable(
        path,
        'it is a folder',
        'name a file; Docker makes a folder where a mounted file is missing',
      );
    }
    if (stats.size > most) throw tooLarge(path, most);
    return { fd, stats };
  });
}

/**
 * Reads an open file to its end, and closes it. Its size is not asked for: files of /proc have none, and devices no end.
 *
 * @throws {AtcomError} `unreadable-file`
 */
export function readToEnd(path: string, fd: number, most: number): Buffer {
  const bytes = closedOnError(path, fd, () => {
    const pieces: Buffer[] = [];
    for (let size = 0; ; ) {
      const piece = Buffer.allocUnsafe(PIECE);
      const read = readSync(fd, piece);
      if (read === 0) return Buffer.concat(pieces, size);
      size += read;
      if (size > most) throw tooLarge(path, most);
      pieces.push(piece.subarray(0, read));
    }
  });
  closeSync(fd);
  return bytes;
}

/** Does something with an open file, which is closed if that fails; the error says why in words. */
export function closedOnError<T>(path: string, fd: number, action: () => T): T {
  try {
    return action();
  } catch (error) {
    closeSync(fd);
    throw isAtcomError(error) ? error : unreadable(path, error);
  }
}

/** The error for a file that is too large. */
export function tooLarge(path: string, most: number) {
  const limit =
    most < 1024 * 1024 ? `${Math.floor(most / 1024)} KiB` : `${Math.floor(most / 1024 / 1024)} MiB`;
  return unusable(path, `it is larger than ${limit}`, 'check the path: a file of this kind is far smaller');
}

function leadsNowhere(path: string, error: unknown): boolean {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return false;
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}
