import type { ErrorCode } from 'yaml';

/** Something wrong in a file. The message never repeats a value, which might be a password. */
export interface Problem {
  /** The setting, from the top: `['phones', 'lobby', 'port']`. */
  readonly path: readonly string[];
  readonly message: string;
  /** Where it stands, when the path does not say it. */
  readonly offset?: number;
}

/** yaml's own words quote the text they complain about (`Unresolved tag: !secret`), so ours replace them. */
const SYNTAX: Readonly<Partial<Record<ErrorCode, string>>> = {
  BAD_DQ_ESCAPE: 'unknown escape in "…"; write \\\\ for a backslash, or use \'…\'',
  BAD_INDENT: 'wrong indentation, or a bracket that is not closed',
  BAD_SCALAR_START: 'text that begins with this character must be quoted',
  BLOCK_AS_IMPLICIT_KEY: 'a second ":" in one line; quote the text, or indent below',
  DUPLICATE_KEY: 'this name stands twice',
  MISSING_CHAR: 'a closing quote or bracket, or a blank or comma, is missing before this',
  MULTIPLE_DOCS: 'a second document begins here (---); a file holds one',
  MULTILINE_IMPLICIT_KEY: 'a ":" is missing',
  RESOURCE_EXHAUSTION: 'it is nested too deeply',
  TAB_AS_INDENT: 'a tab cannot indent; use blanks',
  TAG_RESOLVE_FAILED: 'tags (!…) mean nothing here; text that begins with ! must be quoted',
};

/** A problem of the notation itself. */
export function syntaxProblem(code: ErrorCode, offset: number): Problem {
  return { path: [], offset, message: SYNTAX[code] ?? `this is no valid YAML (${code})` };
}

/** `phones.lobby.port`; names with other characters in quotes. */
export function pathText(path: readonly string[]): string {
  return path.map((step) => (/^[\w.$-]+$/.test(step) ? step : JSON.stringify(step))).join('.');
}
