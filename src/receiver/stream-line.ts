import { LONGEST_TEXT } from '../call-identity.ts';
import { EVENTS } from '../protocol/events.ts';
import type { ReportedEvent } from '../protocol/reported-event.ts';
import { isRefusalReason, type RefusedRequest } from './refusal.ts';
import { isText, isTruth, listOf, oneOf, orMissing, orNull, recordOf, shape, type Test } from './shape.ts';
import type { Sighting } from './sightings.ts';
import type { HeardPhone } from './states/kept-phones.ts';
import { CALL_STATES, MOST_OVER } from './states/state.ts';
import { stateText } from './states/state-text.ts';

/** One line of the stream to other programs of the same user. */
export type StreamLine =
  | { readonly kind: 'state'; readonly of: HeardPhone }
  | { readonly kind: 'sighting'; readonly of: Sighting }
  /** Ends what was known before; live events follow. */
  | { readonly kind: 'live' }
  | { readonly kind: 'event'; readonly of: ReportedEvent }
  /** All that had arrived when a reader asked, with this nonce, was told before. */
  | { readonly kind: 'settled'; readonly of: string }
  | { readonly kind: 'refused'; readonly of: RefusedRequest };

/** No line is longer, in characters: a URL has its limit, and JSON writes a letter with six at most. */
export const LONGEST_LINE = 512 * 1024;

/** Formats a line; undefined for one that no reader takes, and for which it would leave. */
export function streamLine(line: StreamLine): string | undefined {
  if (!isLine(line)) return undefined;
  const text = 'of' in line ? `${line.kind}: ${textOf(line)}\n` : `${line.kind}:\n`;
  return text.length > LONGEST_LINE ? undefined : text;
}

function textOf(line: Exclude<StreamLine, { kind: 'live' }>): string {
  if (line.kind !== 'state') return JSON.stringify(line.of);
  const { state, ...others } = line.of;
  return `${JSON.stringify(others).slice(0, -1)},"state":${stateText(state)}}`;
}

/** Parses and validates a line of {@link streamLine}; undefined for anything else. */
export function readStreamLine(text: string): StreamLine | undefined {
  const colon = text.indexOf(':');
  const kind = text.slice(0, colon);
  if (text === 'live:') return { kind: 'live' };
  try {
    const line = { kind, of: JSON.parse(text.slice(colon + 1)) as unknown };
    return isLine(line) ? line : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a line is one, for who sends it and for who reads it. */
function isLine(line: { readonly kind: string; readonly of?: unknown }): line is StreamLine {
  const { kind, of } = line;
  return Object.hasOwn(LINES, kind) && LINES[kind as StreamLine['kind']](of);
}

const isEvent = oneOf(EVENTS.map(({ event }) => event));
const isTime: Test = (value) => typeof value === 'string' && /^[\dTZ:.+-]{10,40}$/.test(value);
/** Empty if the peer was gone before its address could be read. A zone is the name of an interface, which may be odd. */
const isAddress: Test = (value) =>
  typeof value === 'string' && /^[\w.:-]{0,80}(?:%[!-~]{1,80})?$/.test(value);
const isValues = recordOf(isText);
const isShort: Test = (value) => typeof value === 'string' && value.length <= LONGEST_TEXT;

/** The names of {@link CallIdentity}. */
const IDENTITY = { id: orNull(isShort), peer: orNull(isShort) };

/** The names of {@link PhoneCall} that ended ones have, too. */
const CALL = {
  ...IDENTITY,
  display: orNull(isText),
  direction: orNull(oneOf(['incoming', 'outgoing'])),
  answered: orNull(isTime),
};

const isState = shape({
  call: oneOf(CALL_STATES),
  since: orNull(isTime),
  calls: listOf(shape({ ...CALL, state: oneOf(CALL_STATES), since: isTime })),
  lastCall: orNull(shape({ ...CALL, ended: isTime })),
  offHook: orNull(isTruth),
  busy: orNull(isTruth),
  dnd: orNull(isTruth),
  forwards: shape({ always: orNull(isTruth), busy: orNull(isTruth), noAnswer: orNull(isTruth) }),
  callWaiting: orNull(isTruth),
  muted: orNull(isTruth),
  registered: orNull(isTruth),
  accounts: recordOf(isTruth),
  heard: orNull(shape({ event: isEvent, time: isTime })),
});

const LINES = {
  state: shape({
    phone: isText,
    source: isAddress,
    values: isValues,
    state: isState,
    over: orMissing(listOf(shape(IDENTITY), MOST_OVER)),
    also: orMissing(listOf(shape({ source: isAddress, values: isValues }))),
  }),
  sighting: shape({ source: isAddress, ip: isText, mac: isText, time: isTime }),
  event: shape({
    time: isTime,
    event: isEvent,
    phone: isText,
    source: isAddress,
    path: isText,
    values: isValues,
  }),
  live: (value) => value === undefined,
  settled: isText,
  refused: shape({ time: isTime, refused: isRefusalReason, source: isAddress, path: isText }),
} as const satisfies Readonly<Record<StreamLine['kind'], Test>>;
