import { withoutPassword } from '../errors/passwords.ts';
import { type ActionReader, type ActionUrlRules, LONGEST_ACTION_URL, newActionReader } from './action-url.ts';
import { canonicalHost } from './command-url.ts';
import { EVENT_DEFINITIONS, type EventName, findEvent } from './events.ts';
import { isLoopback, loopbackText } from './listener-url.ts';
import { withoutSlashes } from './slashes.ts';
import { closest } from './suggest.ts';
import { TOKEN } from './token.ts';
import { findVariable, VARIABLE_NAMES } from './variables.ts';

/** The kinds of problems of an Action URL. Codes are API: scripts may compare them. The wording may change. */
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
  | 'repeated-name'
  | 'empty-value'
  | 'xml-entity'
  | 'token'
  | 'more';

/** A problem of an Action URL. */
export interface ActionUrlProblem {
  /** An error loses an event or a value; a warning may be intended. */
  readonly severity: 'error' | 'warning';
  readonly code: ProblemCode;
  readonly what: string;
  /** What was probably meant. */
  readonly instead?: readonly string[];
}

/** The parts of an Action URL exactly as typed; `URL` would escape and drop characters. */
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

/** The root URL of the listener in an Action URL, without user; undefined if there is none. */
export function listenerOf(text: string): URL | undefined {
  return placeOf(text)?.root;
}

function placeOf(text: string): (Pick<Pieces, 'path' | 'query'> & { readonly root: URL }) | undefined {
  const pieces = piecesOf(text);
  if (pieces === undefined || !/^https?$/i.test(pieces.scheme)) return undefined;
  const { scheme, authority, path, query } = pieces;
  const root = `${scheme}://${authority.slice(authority.lastIndexOf('@') + 1)}/`;
  return /^[!-~]+$/.test(root) && URL.canParse(root) ? { root: new URL(root), path, query } : undefined;
}

/**
 * What an Action URL asks of a listener, such as `/holdUrl.xml?mac=$mac`; undefined if it leads elsewhere. The address of
 * one server can be written in several ways: with the port of its scheme, or IPv6 in long.
 */
export function targetAt(listener: string, text: string): string | undefined {
  const [own, place] = [placeOf(listener), placeOf(text)];
  if (own === undefined || place === undefined || serverOf(place.root) !== serverOf(own.root))
    return undefined;
  const folder = withoutSlashes(own.path);
  const { path, query } = place;
  const below = path.slice(folder.length);
  if (path.slice(0, folder.length).toLowerCase() !== folder.toLowerCase() || !/^(?:\/|$)/.test(below))
    return undefined;
  return `${below === '' ? '/' : below}${query === '' ? '' : `?${query}`}`;
}

function serverOf({ protocol, hostname, port }: URL): string {
  return `${protocol}//${canonicalHost(hostname.replace(/^\[|\]$/g, '')) ?? hostname}:${port}`;
}

/** What a listener expects in its URLs. */
export interface LintRules extends ActionUrlRules {
  /** The secret that every URL must contain. */
  readonly token?: string | undefined;
}

/**
 * Finds all problems in the text of an Action URL, without network access.
 *
 * @throws {AtcomError} `usage` for invalid rules
 */
export function lintActionUrl(text: string, rules: LintRules = {}): readonly ActionUrlProblem[] {
  const pieces = piecesOf(text);
  if (pieces === undefined) return [error('not-a-url', 'this is not a URL', ['http://…'])];
  // What is left of a password behind the sign would be taken for a path or a query, and be quoted.
  const isHttp = /^https?$/i.test(pieces.scheme);
  if (
    isHttp &&
    !pieces.authority.includes('@') &&
    listenerOf(text) === undefined &&
    withoutPassword(text) !== text
  )
    return [error('no-host', 'a /, ? or # in its user or password ends the host', ['%2F', '%3F', '%23'])];
  // The rest of what was never meant as one can be wrong thousands of times.
  if (text.length > LONGEST_READ) return tooLong(pieces, rules);
  return RULES.flatMap((rule) => rule(pieces, rules));
}

/** Longer texts are too long, and what else is wrong with them does not help. */
const LONGEST_READ = 8 * LONGEST_ACTION_URL;

const tooLong: Rule = ({ text }) =>
  text.length > LONGEST_ACTION_URL
    ? [error('too-long', `it has ${text.length} characters; a phone takes ${LONGEST_ACTION_URL}`)]
    : [];

const readers = new WeakMap<LintRules, ActionReader>();

/** The parser of what a listener with these rules is asked; made once, because they can have thousands of paths. */
export function readerFor(rules: LintRules): ActionReader {
  const reader = readers.get(rules) ?? newActionReader(rules);
  readers.set(rules, reader);
  return reader;
}

type Rule = (pieces: Pieces, rules: LintRules) => readonly ActionUrlProblem[];

/** The rules, in the order of the parts of a URL. */
const RULES: readonly Rule[] = [
  ({ scheme }) =>
    /^https?$/i.test(scheme) ? [] : [error('not-http', `a phone does not speak ${scheme}://`, ['http://'])],
  ({ text, scheme, authority }) => {
    if (!/^https?$/i.test(scheme)) return [];
    const listener = listenerOf(text);
    if (listener === undefined) return [error('no-host', `${JSON.stringify(authority)} is not a host`)];
    return [
      ...(authority.includes('@')
        ? [warning('credentials', 'no document says that a phone sends a user name or a password')]
        : []),
      ...(isLoopback(listener) ? [warning('loopback', loopbackText(listener))] : []),
    ];
  },
  ({ text }) =>
    [...new Set(text.match(/[^!-~]/gu))].map((character) =>
      error('character', `the character ${named(character)} cannot be sent`, [escaped(character)]),
    ),
  tooLong,
  ({ path, query }, rules) => {
    const { event, values } = readerFor(rules)(`${path}?${query}`) ?? {};
    if (event === undefined) return [error('unknown-event', unnamed(path), likely(path, rules))];
    const other = findEvent(values?.['event'] ?? '') ?? event;
    const what = `its path reports ${event}, so event=${other} is ignored`;
    return other === event ? [] : [warning('other-event', what)];
  },
  ({ path }) =>
    path.includes('$')
      ? [warning('misplaced-variable', 'a phone fills in variables after the "?", not in the path')]
      : [],
  ({ path, query }, rules) => {
    const { event } = readerFor(rules)(`${path}?${query}`) ?? {};
    // Those that atcom action-url list writes itself.
    const own = EVENT_DEFINITIONS.find((row) => row.event === event)?.variables ?? [];
    const names = new Set(Array.from(query.matchAll(/\$([a-z_]\w*)?/gi), ([, name]) => name));
    return [...names].filter((name) => !own.some((known) => known === name)).flatMap(variable);
  },
  ({ query }) => {
    const parts = query.split(AND).filter((part) => part !== '');
    const nameless = parts.filter((part) => !NAMED.test(part));
    const names = parts.map((part) => NAMED.exec(part)?.[1]);
    const [seen, repeated] = [new Set(), new Set()];
    for (const name of names) {
      if (name !== undefined && seen.has(name)) repeated.add(name);
      seen.add(name);
    }
    return [
      ...[...new Set(nameless)].map((part) =>
        error(
          'nameless-value',
          `${JSON.stringify(part)} has no name, so it is lost`,
          /^\$\w+$/.test(part) ? [`${part.slice(1)}=${part}`] : [],
        ),
      ),
      ...[...repeated].map((name) =>
        warning('repeated-name', `${name}= occurs twice; only the first counts`),
      ),
      // Names of the query, so that only one that was written is missed.
      ...VARIABLE_NAMES.filter((name) => parts.includes(`${name}=`)).map((name) =>
        warning('empty-value', `${name}= is empty: in double quotes, a shell takes $${name} away`, [
          `'…${name}=$${name}…'`,
        ]),
      ),
    ];
  },
  ({ text }) =>
    ENTITY.test(text)
      ? [warning('xml-entity', 'an "&" is written as in XML; a phone sends it as it is written', ['&'])]
      : [],
  ({ query }, { token }) => {
    const given = query.split(AND).find((part) => part.startsWith(`${TOKEN}=`));
    if (token === undefined || given === `${TOKEN}=${token}`) return [];
    const what = given === undefined ? `it has no ${TOKEN}=` : `its ${TOKEN}= is not that of the listener`;
    return [error('token', `${what}, so the listener refuses it; atcom action-url list writes it`)];
  },
  ({ fragment }) =>
    fragment === undefined ? [] : [warning('fragment', 'what follows a "#" is not sent', ['%23'])],
];

/** An `&`, also in its XML spellings. */
const AND = /&(?:amp;|#0*38;|#x0*26;)*/i;
const ENTITY = /&(?:amp|#0*38|#x0*26);/i;

function unnamed(path: string): string {
  return `its path names no event: ${JSON.stringify(path)}`;
}

/** The maximum of own paths that each wrong path is compared with. */
const MOST_LIKELY = 1000;

/** Known paths that are similar to the one that was written. */
function likely(path: string, { events = {} }: LintRules): readonly string[] {
  const own = Object.values(events).flat().slice(0, MOST_LIKELY);
  const bare = path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.xml$/i, '')
    .replace(/url$/i, '');
  const names: readonly EventName[] = EVENT_DEFINITIONS.map(({ event }) => event);
  return [...closest(path, own), ...closest(bare, names).map((event) => `${event}Url.xml`)];
}

/** A parameter as the receiver reads it. */
const NAMED = /^([a-z_][\w.-]*)=/i;

function variable(name: string | undefined): readonly ActionUrlProblem[] {
  if (name === undefined)
    return [error('unknown-variable', 'a "$" is not followed by the name of a variable')];
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
