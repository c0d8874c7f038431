import { lstatSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { attempt } from './attempt.ts';
import { linksTo, realPath } from './links.ts';
import { writersOf } from './writers.ts';

/**
 * How someone else than a user and root could put something into a folder of that user, a link for example; undefined if
 * nobody can. Folders that are not there yet count as what they will be in. Whoever owns `/` is root, also where a
 * sandbox shows that user by another number.
 *
 * @param folder - or a link, and who could replace it
 * @param others - who else is believed
 */
export function strangerAbove(
  folder: string,
  uid: number | undefined,
  others: readonly number[] = [],
): string | undefined {
  // Windows has no owners that could be compared.
  if (uid === undefined) return undefined;
  const friends = [uid, 0, statSync('/').uid, ...others];
  const there = levelsOf(folder).find((level) => lookAt(level) !== undefined);
  const links = linksTo(folder);
  // A link can be replaced by whoever can replace the folder that it is really in.
  const real = [there ?? '/', ...links.map(dirname)].map((level) => attempt(() => realPath(level)) ?? level);
  for (const level of new Set([folder, ...links, ...real].flatMap(levelsOf))) {
    const reason = reasonAgainst(level, friends, level === folder);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function reasonAgainst(level: string, friends: readonly number[], isItself: boolean): string | undefined {
  const found = lookAt(level);
  if (found === undefined) return undefined;
  if (!friends.includes(found.uid)) return `${level} belongs to another user (${found.uid})`;
  // A link has no mode of its own.
  if (found.isSymbolicLink()) return undefined;
  // In a sticky folder such as /tmp nobody replaces what is another's, but everybody can add to it.
  if ((found.mode & 0o1000) !== 0 && !isItself) return undefined;
  const writers = writersOf(found, friends);
  return writers && `${writers} can write ${level}`;
}

/** A folder and those above it. */
export function levelsOf(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...levelsOf(above)];
}

function lookAt(path: string): Stats | undefined {
  return attempt(() => lstatSync(path));
}
