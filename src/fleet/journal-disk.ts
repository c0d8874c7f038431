import type { FileHandle } from 'node:fs/promises';
import type { Disk } from './journal-file.ts';
import { isAt } from './lock.ts';

/** The path of a journal leads to another file, or to none, than the one that its run writes to. */
export class Replaced extends Error {
  constructor() {
    super('it was moved, removed or replaced while the run wrote to it');
  }
}

/**
 * The file of a journal, as long as it is at its path. Editors and tools that save a file put a copy in its place, which
 * has none of the later lines and not the lock: to go on from that one would press phones again.
 */
export function diskAt(path: string, handle: FileHandle): Disk {
  return {
    write: (bytes, offset, length, position) => handle.write(bytes, offset, length, position),
    async datasync() {
      await handle.datasync();
      if (!(await isAt(path, handle))) throw new Replaced();
    },
    truncate: (length) => handle.truncate(length),
    close: () => handle.close(),
  };
}
