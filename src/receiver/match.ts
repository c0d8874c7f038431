import { AtcomError } from '../errors.ts';
import type { EventName } from '../protocol/events.ts';
import type { ReportedEvent } from '../protocol/reported-event.ts';
import { closest } from '../protocol/suggest.ts';
import { findVariable, VARIABLE_NAMES } from '../protocol/variables.ts';

/** Which events to match. */
export interface EventFilter {
  /** Any of these; every event when left out. */
  readonly events?: readonly EventName[] | undefined;
  /** From one of these phones, by name or address. */
  readonly phones?: readonly string[] | undefined;
  /** Patterns for values, with `*` and `?`, such as `{ remote: '*6040*' }`; `\*` is an asterisk. */
  readonly where?: Readonly<Record<string, string>> | undefined;
}

/** No value of an event is longer, and V8 ends the process over an expression of thousands of `*`. */
export const LONGEST_PATTERN = 500;

/** A predicate for events. */
export type Matches = (event: ReportedEvent) => boolean;

/**
 * Compiles a filter into a predicate.
 *
 * @param untold - whether a value that an event does not tell meets its condition: it may be the one that is meant
 * @throws {AtcomError} `usage` for a condition that no event could ever meet
 */
export function matcher({ events, phones, where = {} }: EventFilter, { untold = false } = {}): Matches {
  checkWhere(where);
  const patterns = Object.entries(where).map(([name, pattern]) => [name, wildcard(pattern)] as const);
  return ({ event, phone, values }) =>
    (events === undefined || events.includes(event)) &&
    (phones === undefined || phones.includes(phone)) &&
    patterns.every(
      ([name, pattern]) =>
        (untold && isUntold(values, name)) ||
        (Object.hasOwn(values, name) && pattern.test(values[name] ?? '')),
    );
}

/** Whether an event tells nothing of a value: its URL lacks the variable, or the phone left it empty. */
function isUntold(values: ReportedEvent['values'], name: string): boolean {
  return !Object.hasOwn(values, name) || values[name] === '';
}

/** The first value of these conditions that an event does not tell, if it would have to tell it to meet them. */
export function untoldValue(
  event: ReportedEvent,
  where: NonNullable<EventFilter['where']>,
): string | undefined {
  if (matcher({ where })(event)) return undefined;
  return Object.keys(where).find((name) => isUntold(event.values, name));
}

/** A text as a part of a pattern, in which it stands for itself: a number may have a `*`. */
export function literal(text: string): string {
  return text.replace(/[*?\\]/g, '\\$&');
}

/**
 * `*` matches any text, `?` any character, `\*` and `\?` only those; the rest matches itself, ignoring case. Text between
 * two `*` is searched once, in an atomic group without backtracking: callers choose the text, and could make backtracking
 * last for hours.
 */
function wildcard(pattern: string): RegExp {
  const parts = [''];
  for (const [part] of pattern.matchAll(/\\[*?\\]|\*+|\?|[^*?\\]+|\\/g)) {
    if (part.startsWith('*')) parts.push('');
    else parts.push(`${parts.pop()}${part === '?' ? '.' : exactly(part)}`);
  }
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  const middle = rest.map((part, index) => `(?=(.*?${part}))\\${index + 1}`).join('');
  return new RegExp(`^${first}${middle}${last === undefined ? '' : `.*${last}`}$`, 'isu');
}

/** The expression for a text, which may be one escaped character of a pattern. */
function exactly(part: string): string {
  return part.replace(/^\\(?=[*?\\])/, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/**
 * What was meant by a name that is nearly a variable of the phones; undefined for others. A URL may hold names of its
 * own, but one that is nearly theirs is a slip, and would never match.
 */
export function misspeltValue(name: string): string | undefined {
  return findVariable(name) === undefined ? closest(name, VARIABLE_NAMES)[0] : undefined;
}

/** A test that an event does not come could not fail with a condition that no event meets. */
function checkWhere(where: unknown): void {
  const isRecord = typeof where === 'object' && where !== null && !Array.isArray(where);
  if (!isRecord || !Object.values(where).every((pattern) => typeof pattern === 'string')) {
    const reason = 'where has something else than patterns by name';
    throw new AtcomError('usage', { reason, hint: "give some such as { remote: '*6040*' }" });
  }
  for (const [name, pattern] of Object.entries(where)) checkCondition(name, String(pattern));
}

function checkCondition(name: string, pattern: string): void {
  if (pattern.length > LONGEST_PATTERN) {
    const reason = `the pattern for ${name} is longer than ${LONGEST_PATTERN} characters`;
    throw new AtcomError('usage', { reason, hint: 'use fewer words between its *' });
  }
  const meant = misspeltValue(name);
  if (meant === undefined) return;
  const reason = `no event has a value called ${name}`;
  throw new AtcomError('usage', { reason, hint: `did you mean ${meant}?` });
}

/**
 * Reads `remote=*6040*`.
 *
 * @throws {AtcomError} `usage`, also for two conditions of one name, of which only one would count
 */
export function parseWhere(texts: readonly string[]): Readonly<Record<string, string>> {
  const where = new Map<string, string>();
  for (const text of texts) {
    const [, name, pattern] = /^(\w[\w.-]*)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || pattern === undefined) {
      throw new AtcomError('usage', {
        reason: `${JSON.stringify(text)} is not a condition on a value`,
        hint: 'write variable=pattern, such as remote=*6040*',
      });
    }
    checkCondition(name, pattern);
    if (where.has(name)) {
      const reason = `there are two conditions for ${name}`;
      throw new AtcomError('usage', { reason, hint: 'make one pattern of them, such as remote=*6040*@pbx' });
    }
    where.set(name, pattern);
  }
  return Object.fromEntries(where);
}
