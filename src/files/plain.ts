import { closeSync } from 'node:fs';
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

/**
 * Checks that {@link readPlainFile} can read a file.
 *
 * @throws {AtcomError} `unreadable-file`
 */
export function checkPlainFile(path: string): void {
  closeSync(openPlain(path, LARGEST).fd);
}

function openPlain(path: string, most: number): Opened {
  const opened = openToRead(path, most);
  return closedOnError(path, opened.fd, () => {
    if (!opened.stats.isFile()) throw unusable(path, 'it is no plain file');
    return opened;
  });
}
