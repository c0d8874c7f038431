import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Two names of one file, also through links, have one identity; a file that is not there yet has that of its place. */
export function identityOf(file: string): string {
  const path = resolve(file);
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (found !== undefined) return `${found.dev}:${found.ino}`;
    return join(realpathSync(dirname(path)), basename(path));
  } catch {
    return path;
  }
}
