import { closeSync, fstatSync } from 'node:fs';
import { type AtcomError, isAtcomError } from '../errors.ts';
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
  const paths = new Map<string, Outcome<T>>();
  const files = new Map<string, Outcome<T>>();
  const open = (path: string) => {
    const { fd, stats } = openPlain(path, most);
    const { dev, ino } = closedOnError(path, fd, () => fstatSync(fd, { bigint: true }));
    const file = `${dev}:${ino}`;
    const known = files.get(file);
    if (known !== undefined) closeSync(fd);
    const found =
      known ??
      outcomeOf(() => {
        closedOnError(path, fd, () => together.add(path, stats.size));
        return make(readToEnd(path, fd, most), path);
      });
    files.set(file, found);
    return resultOf(found);
  };
  return (path) => {
    const found = paths.get(path) ?? outcomeOf(() => open(path));
    paths.set(path, found);
    return resultOf(found);
  };
}

type Outcome<T> = { readonly value: T } | { readonly error: AtcomError };

function outcomeOf<T>(action: () => T): Outcome<T> {
  try {
    return { value: action() };
  } catch (error) {
    if (isAtcomError(error)) return { error };
    throw error;
  }
}

function resultOf<T>(outcome: Outcome<T>): T {
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}
