import { closeSync, fstatSync } from 'node:fs';
import { AtcomError, isAtcomError } from '../errors.ts';
import { closedOnError, readToEnd } from './open.ts';
import { openPlain } from './plain.ts';
import { unusable } from './reason.ts';

const MEBIBYTE = 1024 * 1024;

/** What files that others name may hold together: a few characters of a file name a large one again and again. */
export class Together {
  readonly #most: number;
  #size = 0;

  /** @param most - in MiB */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Counts a file of this size.
   *
   * @throws {AtcomError} `unreadable-file`
   */
  add(path: string, size: number): void {
    this.#size += size;
    if (this.#size > this.#most * MEBIBYTE)
      throw unusable(path, `it and the files before it are larger than ${this.#most} MiB together`);
  }
}

/**
 * Reads plain files that others name: each once, by whatever path or link, and for as long as there is room for more.
 *
 * @param most - the maximum size of each in bytes
 * @param make - what is kept of its content
 */
export function namedFiles<T>(
  most: number,
  together: Together,
  make: (bytes: Buffer, path: string) => T,
): (path: string) => T {
  const paths = new Map<string, T | AtcomError>();
  const files = new Map<string, T | AtcomError>();
  const open = (path: string) => {
    const { fd, stats } = openPlain(path, most);
    const { dev, ino } = closedOnError(path, fd, () => fstatSync(fd, { bigint: true }));
    const file = `${dev}:${ino}`;
    const known = files.get(file);
    if (known !== undefined) closeSync(fd);
    const found =
      known ??
      orError(() => {
        closedOnError(path, fd, () => together.add(path, stats.size));
        return make(readToEnd(path, fd, most), path);
      });
    files.set(file, found);
    return thrown(found);
  };
  return (path) => {
    const found = paths.get(path) ?? orError(() => open(path));
    paths.set(path, found);
    return thrown(found);
  };
}

function orError<T>(action: () => T): T | AtcomError {
  try {
    return action();
  } catch (error) {
    if (isAtcomError(error)) return error;
    throw error;
  }
}

function thrown<T>(found: T | AtcomError): T {
  if (found instanceof AtcomError) throw found;
  return found;
}
