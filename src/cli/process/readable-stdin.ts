import { createReadStream, fstatSync } from 'node:fs';

/** Stdin where it is a folder or a disk, which Node takes for an empty one: to read a folder is an error. */
export function readableStdin(): NodeJS.ReadableStream | undefined {
  try {
    const stats = fstatSync(0);
    return stats.isDirectory() || stats.isBlockDevice() ? createReadStream('', { fd: 0 }) : undefined;
  } catch {
    // A console of Windows.
    return undefined;
  }
}
