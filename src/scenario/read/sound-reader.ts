import { pathIn } from '../../files/links.ts';
import { formatDuration, parseDuration } from '../../protocol/duration.ts';
import { AUDIBLE, isAudible, SHORTEST_HEARING, type WantedTone } from '../scenario.ts';
import type { Path } from './notes.ts';
import { fitting, type LeafFor, type WaitContext } from './wait-context.ts';

/** Reads `{ hears: a }`: a phone, several, a frequency, or silence. */
export function readHears(value: object, path: Path, context: WaitContext): LeafFor | undefined {
  const { notes, roles, placeOf } = context;
  const written = fitting('hears', value, path, context);
  if (written === undefined) return undefined;
  const words = typeof written.hears === 'string' ? [written.hears] : written.hears;
  if (words.length > 1 && words.includes('silence'))
    return notes.wrong(path, 'must be either silence or phones');
  const tones = words.filter((word) => word !== 'silence').map((word) => toneOf(word, path, context));
  if (tones.includes(undefined)) return undefined;
  const wanted = tones.filter((tone) => tone !== undefined);
  const what = words.map((word) => word.replace(/^(\d+) *hz$/i, '$1 Hz')).join(' and ');
  const within = written.within === undefined ? context.within : parseDuration(written.within);
  if (within < SHORTEST_HEARING)
    return notes.wrong(
      [...path, 'within'],
      `must be at least ${SHORTEST_HEARING}ms: 300 ms of a sound prove it`,
    );
  const place = placeOf(path);
  return (role) => {
    roles.mustHear(role, path);
    const text = `${role.name}: hears ${what} within ${formatDuration(within)}`;
    return { kind: 'hears', role: role.name, tones: wanted, what, within, place, text };
  };
}

function toneOf(word: string, path: Path, { notes, roles }: WaitContext): WantedTone | undefined {
  const hertz = /^(\d{1,4}) *hz$/i.exec(word)?.[1];
  if (hertz === undefined) {
    const [role, another] = roles.named(word, path) ?? [];
    if (another !== undefined) return notes.wrong(path, `write [${word}] for several phones`);
    if (role !== undefined) roles.mustHear(role, path);
    return role && { role: role.name };
  }
  return isAudible(Number(hertz))
    ? { hertz: Number(hertz) }
    : notes.wrong(path, `a telephone passes ${AUDIBLE.lowest} to ${AUDIBLE.highest} Hz`);
}

/** Reads `{ heard: { dtmf: "12#" } }`. */
export function readHeard(value: object, path: Path, context: WaitContext): LeafFor | undefined {
  const written = fitting('heard', value, path, context);
  if (written === undefined) return undefined;
  const { dtmf } = written.heard;
  const within = written.within === undefined ? context.within : parseDuration(written.within);
  const place = context.placeOf(path);
  return (role) => {
    context.roles.mustBeVirtual(role, path);
    const text = `${role.name}: heard the digits ${dtmf} within ${formatDuration(within)}`;
    return { kind: 'heard', role: role.name, dtmf, within, place, text };
  };
}

/** Reads `{ says: menu.wav }`; the path starts at the folder of the file. */
export function readSays(value: object, path: Path, context: WaitContext): LeafFor | undefined {
  const written = fitting('says', value, path, context);
  if (written === undefined) return undefined;
  const file = pathIn(context.folder, written.says);
  const samples = context.notes.caught([...path, 'says'], () => context.readWav(file, written.says));
  if (samples === undefined) return undefined;
  const place = context.placeOf(path);
  return (role) => {
    context.roles.mustHear(role, path);
    return { kind: 'says', role: role.name, samples, place, text: `${role.name}: says ${written.says}` };
  };
}
