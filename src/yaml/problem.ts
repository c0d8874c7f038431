import type { ErrorCode } from 'yaml';

/** Something wrong in a file. The message never repeats a value, which might be a password. */
export interface Problem {
  /** The setting, from the top: `['phones', 'lobby', 'port']`. */
  readonly path: readonly string[];
  readonly message: string;
  /** Its offset, if the path does not determine it. */
  readonly offset?: number;
}

/** A tag gives a value a type, such as `!!set` or `!secret`. */
export const TAGS = 'tags (!…) are not supported; text that begins with ! must be quoted';

/** yaml's messages quote the text (`Unresolved tag: !secret`), so ours replace them. */
const SYNTAX: Readonly<Partial<Record<ErrorCode, string>>> = {
  BAD_DQ_ESCAPE: 'unknown escape in "…"; write \\\\ for a backslash, or use \'…\'',
  BAD_INDENT: 'wrong indentation, or an unclosed bracket',
  BAD_SCALAR_START: 'text that begins with this character must be quoted',
  BLOCK_AS_IMPLICIT_KEY: 'a second ":" on one line; quote the text, or start a new line',
  MISSING_CHAR: 'a closing quote or bracket, or a space or comma, is missing before this',
  MULTIPLE_DOCS: 'a second document begins here (---); a file can contain only one',
  MULTILINE_IMPLICIT_KEY: 'a ":" is missing',
  RESOURCE_EXHAUSTION: 'it is nested too deeply',
  TAB_AS_INDENT: 'a tab cannot be used for indentation; use spaces',
  TAG_RESOLVE_FAILED: TAGS,
  UNEXPECTED_TOKEN:
    'this cannot stand here; begin a new line, or put the text in quotes (a comment begins with #)',
};

/** A problem of the syntax. */
export function syntaxProblem(code: ErrorCode, offset: number): Problem {
  return { path: [], offset, message: SYNTAX[code] ?? `this is not valid YAML (${code})` };
}

/** Texts that people leave unquoted although their brackets have a meaning in YAML. */
const BRACKETS: readonly (readonly [pattern: RegExp, message: string])[] = [
  [
    /(?<=^|[\s{,])[^\s"'{},[\]]+\[\d[\d,/-]*\]/g,
    'a range inside { } or [ ] must be quoted, such as "10.0.0.[101-112]"',
  ],
  [/(?<=^|[\s{,])\[[\da-f]*:[^\s"'{},[\]]*\]/gi, 'an address in brackets must be quoted, such as "[::1]:80"'],
];

/** The unquoted bracket that causes a syntax problem: the last one before it on its line. */
export function bracketProblem(text: string, offset: number): Problem | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const [line = ''] = text.slice(start).split('\n', 1);
  for (const [pattern, message] of BRACKETS) {
    const found = [...line.matchAll(pattern)].findLast(({ index }) => start + index <= offset);
    if (found !== undefined) return { path: [], offset: start + found.index, message };
  }
  return undefined;
}

/** `phones.lobby.port`; names with other characters are quoted. */
export function pathText(path: readonly string[]): string {
  return path.map((step) => (/^[\w.$-]+$/.test(step) ? step : JSON.stringify(step))).join('.');
}
