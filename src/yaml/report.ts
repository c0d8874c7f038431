import { isAbsolute, normalize, relative } from 'node:path';
import { oneLine } from '../errors/one-line.ts';
import type { YamlDocument } from './document.ts';
import { type Problem, pathText } from './problem.ts';
import { GLUED } from './rules.ts';

/** More problems would not help, and locating them takes time. */
const MOST_PROBLEMS = 50;

const UNKNOWN_PART = 'unknown setting here; put text that has a comma in quotes';

/**
 * Formats problems as `atcom.config.yaml:7:5 phones.lobby.modle: unknown setting, …`, sorted by line.
 *
 * @param cwd - files below it are shown relative to it, others with their absolute path
 * @param isAll - whether there are no more problems than these
 */
export function report(
  file: string,
  document: YamlDocument | undefined,
  problems: readonly Problem[],
  cwd: string,
  isAll = true,
): readonly string[] {
  const near = relative(cwd, file);
  // Without its links, `link/..` is another folder.
  const label = near.startsWith('..') || isAbsolute(near) || normalize(file) !== file ? file : near;
  const shown = problems
    .slice(0, MOST_PROBLEMS)
    .map((problem) => ({ ...problem, ...(document?.position(problem) ?? { line: 1, col: 1 }) }))
    .sort((a, b) => a.line - b.line || a.col - b.col)
    .map(({ line, col, path, message }) => {
      const isUnknown = message.startsWith('unknown setting');
      const open = document?.openPart(path, isUnknown) ?? path;
      const isPart = open.length < path.length;
      const shown = isUnknown && !isPart ? withoutValue(path) : open;
      const setting = shown.length === 0 ? '' : ` ${pathText(counted(shown, document?.value))}`;
      // What is said of an unknown name may repeat a part of it.
      const said = isUnknown && isPart ? UNKNOWN_PART : message;
      return `${label}:${line}:${col}${setting}: ${oneLine(said)}`;
    });
  const more = problems.length - shown.length;
  return more > 0 ? [...shown, isAll ? `… and ${more} more` : '… and more'] : shown;
}

/** A path with the items of lists counted from one, as people do. */
function counted(path: readonly string[], data: unknown): readonly string[] {
  let part = data;
  return path.map((step) => {
    const isItem = Array.isArray(part);
    part = Object(part)[step];
    return isItem ? `${Number(step) + 1}` : step;
  });
}

/** The path of an unknown setting without the value that may stand in its name: `password:secret`, `password secret`. */
function withoutValue(path: readonly string[]): readonly string[] {
  const [name = '', value] = (path.at(-1) ?? '').split(GLUED);
  return value === undefined ? path : [...path.slice(0, -1), `${name}…`];
}
