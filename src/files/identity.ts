import { statSync } from 'node:fs';
import { attempt } from './attempt.ts';
import { placeOf } from './links.ts';

/** Two names of one file, also through links, have one identity; a file that is not there yet has that of its place. */
export function identityOf(file: string): string {
  const found = attempt(() => statSync(file, { bigint: true, throwIfNoEntry: false }));
  return found === undefined ? placeOf(file) : `${found.dev}:${found.ino}`;
}
