import { closeSync, lstatSync, openSync, statSync } from 'node:fs';
import { unreadable } from '../files/reason.ts';

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
    // Dozens of files that are not there would be as many errors with a stack.
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false;
    throw unreadable(path, error);
  }
}

/** Whether a plain file that only root can have written can be read here; undefined if there is none. */
export function readabilityOfRoots(path: string): 'readable' | 'closed' | undefined {
  try {
    const stats = statSync(path);
    if (!stats.isFile() || stats.uid !== 0 || (stats.mode & 0o022) !== 0) return undefined;
    closeSync(openSync(path, 'r'));
    return 'readable';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'closed' : undefined;
  }
}
