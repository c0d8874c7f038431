import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { isAbsolute, join, parse, resolve, sep } from 'node:path';
import { attempt } from './attempt.ts';

/** Linux follows no more of them. */
const MOST_LINKS = 40;

/** The file that a path leads to, as the system has it: Node's own `realpath` takes `link/..` for the folder of the link. */
export const realPath = realpathSync.native;

/**
 * The links on the way to a file, in the order in which the system follows them: in any part of its path, and behind other
 * links. Each decides which file it is. A link is relative to the folder it is really in.
 */
export function linksTo(path: string): readonly string[] {
  return wayTo(path).links.map((link) => link.path);
}

/** A link on the way. */
interface Link {
  readonly path: string;
  readonly uid: number;
}

/** These links with their owners, and where they lead. */
export function wayTo(path: string): { readonly links: readonly Link[]; readonly place: string } {
  const links: Link[] = [];
  const place = walk(resolve('.'), path, links);
  return { links, place };
}

/** Where a file is, or would be made: its folders may be missing, too, and a link may lead to what is not there yet. */
export function placeOf(path: string): string {
  return attempt(() => realPath(path)) ?? walk(resolve('.'), path, []);
}

/**
 * The path of a file that is named in a folder: that of Node's `resolve`, unless it leads elsewhere than the system goes,
 * because that strikes `link/..` out.
 */
export function pathIn(folder: string, path: string): string {
  const written = isAbsolute(path) ? path : `${folder}${sep}${path}`;
  const struck = resolve(folder, path);
  return !written.split(sep).includes('..') || placeOf(written) === placeOf(struck) ? struck : written;
}

/** The path of what is in a folder. Node's `join` would strike `link/..` out of it. */
export function inFolder(folder: string, ...names: readonly string[]): string {
  const path = names.join(sep);
  return folder === '' || folder.endsWith(sep) ? folder + path : folder + sep + path;
}

/** Goes a path part by part, as the system does, and collects the links: `..` is above where a link has led. */
function walk(folder: string, path: string, links: Link[]): string {
  // Windows strikes `..` out before it looks at links.
  const whole = sep === '\\' ? resolve(folder, path) : path;
  const { root } = parse(whole);
  let place = root || folder;
  for (const part of whole.slice(root.length).split(sep)) {
    const next = join(place, part);
    const isName = part !== '' && part !== '.' && part !== '..';
    const link = isName && links.length < MOST_LINKS ? attempt(() => linkAt(next)) : undefined;
    if (link !== undefined) links.push({ path: next, uid: link.uid });
    place = link === undefined ? next : walk(place, link.target, links);
  }
  return place;
}

function linkAt(path: string) {
  const stats = lstatSync(path);
  return stats.isSymbolicLink() ? { target: readlinkSync(path), uid: stats.uid } : undefined;
}
