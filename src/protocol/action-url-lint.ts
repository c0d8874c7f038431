import { LONGEST_ACTION_URL } from './action-url.ts';
import { EVENT_DEFINITIONS, findEvent } from './events.ts';
import { isLoopback, loopbackText } from './listener-url.ts';
import { closest } from './suggest.ts';
import { findVariable, VARIABLE_NAMES } from './variables.ts';

/** What can be wrong with an Action URL. A code is API: scripts may compare it; the wording may change. */
export type ProblemCode =
  | 'not-a-url'
  | 'not-http'
  | 'no-host'
  | 'credentials'
  | 'loopback'
  | 'unresolved'
  | 'no-answer'
  | 'character'
  | 'too-long'
  | 'fragment'
  | 'unknown-event'
  | 'other-event'
  | 'unknown-variable'
  | 'slip'
  | 'unverified-variable'
  | 'misplaced-variable'
  | 'nameless-value'
  | 'repeated-name';

/** One thing that is wrong, or may be, with an Action URL. */
export interface ActionUrlProblem {
  /** With an error, an event or a value is lost; a warning may be as meant. */
  readonly severity: 'error' | 'warning';
  readonly code: ProblemCode;
  readonly what: string;
  /** The likely right ones. */
  readonly instead?: readonly string[];
}

/** An Action URL in pieces, as typed: classes for URLs would escape and drop letters. */
interface Pieces {
  readonly text: string;
  readonly scheme: string;
  /** Host and port, with the user if there is one. */
  readonly authority: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string | undefined;
}

const SHAPE = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/is;

function piecesOf(text: string): Pieces | undefined {
  const match = SHAPE.exec(text);
  if (match === null) return undefined;
  const [, scheme = '', authority = '', path = '', query = '', fragment] = match;
  return { text, scheme, authority, path, query, fragment };
}

/** The listener that an Action URL names: the URL of its root, without user; undefined when there is none. */
export function listenerOf(text: string): URL | undefined {
  const pieces = piecesOf(text);
  if (pieces === undefined || !/^https?$/i.test(pieces.scheme)) return undefined;
  const { scheme, authority } = pieces;
  const root = `${scheme}://${authority.slice(authority.lastIndexOf('@') + 1)}/`;
  return /^[!-~]+:\/\/[!-~]+\/$/.test(root) && URL.canParse(root) ? new URL(root) : undefined;
}

/** Everything that is wrong, or may be, with the text of an Action URL. Nothing is looked up. */
export function lintActionUrl(text: string): readonly ActionUrlProblem[] {
  const pieces = piecesOf(text);
  if (pieces === undefined) return [error('not-a-url', 'this is no URL', ['http://…'])];
  return RULES.flatMap((rule) => rule(pieces));
}

type Rule = (pieces: Pieces) => readonly ActionUrlProblem[];

/** The rules, in the order of a URL's parts. */
const RULES: readonly Rule[] = [
  ({ scheme }) =>
    /^https?$/i.test(scheme) ? [] : [error('not-http', `a phone does not speak ${scheme}://`, ['http://'])],
  ({ text, scheme, authority }) => {
    if (!/^https?$/i.test(scheme)) return [];
    const listener = listenerOf(text);
    if (listener === undefined) return [error('no-host', `${JSON.stringify(authority)} is no host`)];
    return [
      ...(authority.includes('@')
        ? [warning('credentials', 'no document says that a phone sends a user or a password')]
        : []),
      ...(isLoopback(listener) ? [warning('loopback', loopbackText(listener))] : []),
    ];
  },
  ({ text }) =>
    [...new Set(text.match(/[^!-~]/gu))].map((character) =>
      error('character', `the character ${named(character)} cannot be sent`, [escaped(character)]),
    ),
  ({ text }) =>
    text.length > LONGEST_ACTION_URL
      ? [error('too-long', `it has ${text.length} characters; a phone takes ${LONGEST_ACTION_URL}`)]
      : [],
  ({ path }) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (findEvent(name) !== undefined) return [];
    const names = EVENT_DEFINITIONS.map(({ event }) => event);
    const near = closest(name.replace(/\.xml$/i, '').replace(/url$/i, ''), names);
    const what = `its path names no event: ${JSON.stringify(path)}`;
    return [
      error(
        'unknown-event',
        what,
        near.map((event) => `${event}Url.xml`),
      ),
    ];
  },
  ({ path }) =>
    path.includes('$')
      ? [warning('misplaced-variable', 'a phone fills in variables after the "?", not in the path')]
      : [],
  ({ query }) => Array.from(query.matchAll(/\$([a-z_]\w*)?/gi), ([, name]) => variable(name)).flat(),
  ({ query }) => {
    const parts = query.split('&').filter((part) => part !== '');
    const nameless = parts.filter((part) => !NAMED.test(part));
    const names = parts.map((part) => NAMED.exec(part)?.[1]);
    const repeated = names.filter((name, index) => name !== undefined && names.indexOf(name) < index);
    return [
      ...nameless.map((part) =>
        error(
          'nameless-value',
          `${JSON.stringify(part)} has no name, so it is lost`,
          /^\$\w+$/.test(part) ? [`${part.slice(1)}=${part}`] : [],
        ),
      ),
      ...[...new Set(repeated)].map((name) =>
        warning('repeated-name', `${name}= stands there twice; only the first counts`),
      ),
    ];
  },
  ({ fragment }) =>
    fragment === undefined ? [] : [warning('fragment', 'what follows a "#" is not sent', ['%23'])],
];

/** A parameter as the receiver takes it. */
const NAMED = /^([a-z_][\w.-]*)=/i;

function variable(name: string | undefined): readonly ActionUrlProblem[] {
  if (name === undefined) return [error('unknown-variable', 'there is a "$" without the name of a variable')];
  const row = findVariable(name);
  if (row === undefined) {
    const near = closest(name, VARIABLE_NAMES).map((known) => `$${known}`);
    return [error('unknown-variable', `there is no variable $${name}, so it arrives empty`, near)];
  }
  if (row.meant !== undefined) return [error('slip', `$${name} arrives empty`, [`$${row.meant}`])];
  return row.source === 'table'
    ? []
    : [
        warning(
          'unverified-variable',
          `$${name} is not in the vendor's table of variables, only in its examples`,
        ),
      ];
}

function named(character: string): string {
  return character === ' ' ? '" " (a blank)' : JSON.stringify(character);
}

function escaped(character: string): string {
  const bytes = Array.from(new TextEncoder().encode(character));
  return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

function error(code: ProblemCode, what: string, instead: readonly string[] = []): ActionUrlProblem {
  return { severity: 'error', code, what, ...(instead.length === 0 ? {} : { instead }) };
}

function warning(code: ProblemCode, what: string, instead: readonly string[] = []): ActionUrlProblem {
  return { ...error(code, what, instead), severity: 'warning' };
}
