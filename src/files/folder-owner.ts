import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { attempt } from './attempt.ts';

/**
 * How someone else than root could put something into a folder that root uses, a link for example; undefined if nobody
 * can. Folders that are not there yet count as what they will be in.
 */
export function strangerAbove(folder: string): string | undefined {
  const levels = levelsOf(folder);
  const there = levels.find((level) => lookAt(level) !== undefined);
  const real = there === undefined ? [] : levelsOf(attempt(() => realpathSync(there)) ?? there);
  for (const level of [...levels, ...real]) {
    const reason = reasonAgainst(level);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function reasonAgainst(level: string): string | undefined {
  const found = lookAt(level);
  if (found === undefined) return undefined;
  if (found.uid !== 0) return `${level} belongs to another user (${found.uid})`;
  // In a sticky folder such as /tmp nobody replaces what is another's; a link has no mode of its own.
  if (found.isSymbolicLink() || (found.mode & 0o1000) !== 0) return undefined;
  const open = (found.mode & 0o002) !== 0 || ((found.mode & 0o020) !== 0 && found.gid !== 0);
  return open ? `others can write ${level}` : undefined;
}

/** The folder and those above it. */
function levelsOf(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...levelsOf(above)];
}

function lookAt(path: string): Stats | undefined {
  return attempt(() => lstatSync(path));
}
