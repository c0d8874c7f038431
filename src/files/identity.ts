import { readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { attempt } from './attempt.ts';

/** As many links as Linux follows. */
const MOST_LINKS = 40;

/** Two names of one file, also through links, have one identity; a file that is not there yet has that of its place. */
export function identityOf(file: string): string {
  const path = resolve(file);
  const found = attempt(() => statSync(path, { bigint: true, throwIfNoEntry: false }));
  return found === undefined ? placeOf(path, MOST_LINKS) : `${found.dev}:${found.ino}`;
}

/** Where a file would be made: its folders may be missing, too, and a link may lead to what is not there yet. */
function placeOf(path: string, links: number): string {
  const real = attempt(() => realpathSync(path));
  const above = dirname(path);
  if (real !== undefined || above === path) return real ?? path;
  const folder = placeOf(above, links);
  const place = join(folder, basename(path));
  const target = links > 0 ? attempt(() => readlinkSync(place)) : undefined;
  return target === undefined ? place : placeOf(resolve(folder, target), links - 1);
}
