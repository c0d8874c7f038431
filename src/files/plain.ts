import { closeSync, readSync, statSync } from 'node:fs';
import { closedOnError, LARGEST, type Opened, openToRead, readToEnd } from './open.ts';
import { unusable } from './reason.ts';

/**
 * Reads a plain file. Somebody else may have chosen it: an endless device, or a pipe that nobody writes to, must not stop
 * the program.
 *
 * @param most - its maximum size in bytes
 * @throws {AtcomError} `unreadable-file`
 */
export function readPlainBytes(path: string, most: number = LARGEST): Buffer {
  return readToEnd(path, openPlain(path, most).fd, most);
}

/** The same as text, for a file in UTF-8. */
export function readPlainFile(path: string, most?: number): string {
  return readPlainBytes(path, most).toString('utf8');
}

/** The first bytes of a plain file, as text; undefined for anything else, and for what cannot be read. */
export function startOf(path: string, length: number): string | undefined {
  try {
    const { fd } = openPlain(path, Number.POSITIVE_INFINITY);
    const start = Buffer.alloc(length);
    const read = closedOnError(path, fd, () => readSync(fd, start));
    closeSync(fd);
    return start.toString('latin1', 0, read);
  } catch {
    return undefined;
  }
}

/** Whether a plain file of this name holds anything. */
export function isFilled(path: string): boolean {
  try {
    const found = statSync(path);
    return found.isFile() && found.size > 0;
  } catch {
    // Nothing is there, or the way there leads through what is no folder.
    return false;
  }
}

/**
 * Checks that {@link readPlainFile} can read a file.
 *
 * @throws {AtcomError} `unreadable-file`
 */
export function checkPlainFile(path: string): void {
  closeSync(openPlain(path, LARGEST).fd);
}

/** Opens a plain file; see {@link readPlainBytes}. */
export function openPlain(path: string, most: number): Opened {
  const opened = openToRead(path, most);
  return closedOnError(path, opened.fd, () => {
    if (!opened.stats.isFile()) throw unusable(path, 'it is no plain file');
    return opened;
  });
}
