import { formatDuration, parseDuration } from '../../protocol/duration.ts';
import { type EventName, parseEvent } from '../../protocol/events.ts';
import { nameOf } from '../../protocol/settings.ts';
import { closest } from '../../protocol/suggest.ts';
import { literal, matcher } from '../../receiver/index.ts';
import { replaceNames } from '../../shell.ts';
import { type Mode, type Pattern, patternText } from '../play/event-log.ts';
import type { Role } from '../scenario.ts';
import { WAITS, type WaitWord, type Written } from './file-schema.ts';
import type { Path } from './notes.ts';
import { readHeard, readHears, readSays } from './sound-reader.ts';
import { fitting, type LeafFor, type WaitContext } from './wait-context.ts';

/** An event as a file writes it. */
interface WrittenPattern {
  readonly expect: string;
  readonly where?: Readonly<Record<string, string>>;
}

/** Reads `{ expect: … }` and the other words of {@link WAITS}; undefined if something is wrong. */
export function readWait(value: object, path: Path, context: WaitContext): LeafFor | undefined {
  const words = Object.keys(WAITS) as WaitWord[];
  const [word, other] = words.filter((each) => Object.hasOwn(value, each));
  if (word === undefined) {
    const [key = ''] = Object.keys(value);
    const [near] = closest(key, words);
    const meant =
      near === undefined ? `must have one of ${words.join(', ')}` : `unknown, did you mean ${near}?`;
    return context.notes.wrong([...path, key], meant);
  }
  if (other !== undefined)
    return context.notes.wrong(path, `must have one of ${words.join(', ')}, not several`);
  if (word === 'never') return readNever(value, path, context);
  if (word === 'hears') return readHears(value, path, context);
  if (word === 'heard') return readHeard(value, path, context);
  if (word === 'says') return readSays(value, path, context);
  if (word === 'expect') {
    const written = fitting('expect', value, path, context);
    return (
      written &&
      readExpect({ mode: 'any', kind: '', patterns: [written], within: written.within }, path, context)
    );
  }
  const written: Partial<Written<'any'> & Written<'all'>> | undefined = fitting(word, value, path, context);
  if (written === undefined) return undefined;
  const patterns = (written[word] ?? []).map((each) => (typeof each === 'string' ? { expect: each } : each));
  return readExpect({ mode: word, kind: `${word} of `, patterns, within: written.within }, path, context);
}

interface Expectation {
  readonly mode: Mode;
  readonly kind: string;
  readonly patterns: readonly WrittenPattern[];
  readonly within: string | undefined;
}

function readExpect(
  { mode, kind, ...written }: Expectation,
  path: Path,
  context: WaitContext,
): LeafFor | undefined {
  const { notes, placeOf } = context;
  const patterns = notes.caught(path, () =>
    written.patterns.map(({ expect, where }) => readPattern([expect], where, path, context)),
  );
  if (patterns === undefined) return undefined;
  const within = written.within === undefined ? context.within : parseDuration(written.within);
  const place = placeOf(path);
  const what = `${kind}${patterns.map(patternText).join(', ')}`;
  return (role) => {
    mustReport(role, patterns, path, context);
    const text = `${role.name}: expect ${what} within ${formatDuration(within)}`;
    return { kind: 'expect', role: role.name, mode, patterns, what, within, place, text };
  };
}

function readNever(value: object, path: Path, context: WaitContext): LeafFor | undefined {
  const written = fitting('never', value, path, context);
  if (written === undefined) return undefined;
  const names = typeof written.never === 'string' ? [written.never] : written.never;
  const pattern = context.notes.caught(path, () => readPattern(names, written.where, path, context));
  if (pattern === undefined) return undefined;
  const during = written.during === undefined ? context.during : parseDuration(written.during);
  const place = context.placeOf(path);
  return (role) => {
    mustReport(role, [pattern], path, context);
    const text = `${role.name}: never ${patternText(pattern)} during ${formatDuration(during)}`;
    return { kind: 'never', role: role.name, pattern, during, place, text };
  };
}

function readPattern(
  names: readonly string[],
  where: Readonly<Record<string, string>> | undefined,
  path: Path,
  { roles }: WaitContext,
): Pattern & { readonly events: readonly EventName[] } {
  const events = names.map(parseEvent);
  if (where === undefined) return { events };
  const extension = roles.extensions([], path);
  const named = (name: string) => literal(extension(name));
  const patterns = Object.entries(where).map(([key, text]) => [key, replaceNames(text, named)]);
  const pattern = { events, where: Object.fromEntries(patterns) };
  // A value in it may be too long for a pattern.
  matcher(pattern);
  return pattern;
}

/** A phone without an Action URL for an event never reports it. The config can say so. */
function mustReport(
  { name, settings, virtual }: Role,
  patterns: readonly Pattern[],
  path: Path,
  { notes }: WaitContext,
): void {
  const { events } = settings;
  if (events === undefined || virtual) return;
  const wanted = new Set(patterns.flatMap((pattern) => pattern.events ?? []));
  const missing = [...wanted].filter((event) => !events.includes(event));
  if (missing.length === 0) return;
  const reported = events.length === 0 ? 'none' : events.join(', ');
  notes.wrong(
    path,
    `${name} (${nameOf(settings)}) never reports ${missing.join(', ')}: events: in the config says that it reports ${reported}`,
  );
}
