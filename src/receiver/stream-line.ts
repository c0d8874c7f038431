import { EVENTS } from '../protocol/events.ts';
import type { ReportedEvent } from '../protocol/reported-event.ts';
import { isRefusalReason, type RefusedRequest } from './refusal.ts';
import { isText, isTruth, listOf, oneOf, orMissing, orNull, recordOf, shape, type Test } from './shape.ts';
import type { Sighting } from './sightings.ts';
import type { HeardPhone } from './states/phone-states.ts';
import { CALL_STATES } from './states/state.ts';

/** One line of the stream to other programs of the same user. */
export type StreamLine =
  | { readonly kind: 'state'; readonly of: HeardPhone }
  | { readonly kind: 'sighting'; readonly of: Sighting }
  /** Ends what was known before; live events follow. */
  | { readonly kind: 'live' }
  | { readonly kind: 'event'; readonly of: ReportedEvent }
  | { readonly kind: 'refused'; readonly of: RefusedRequest };

/** Formats a line. */
export function streamLine(line: StreamLine): string {
  return 'of' in line ? `${line.kind}: ${JSON.stringify(line.of)}\n` : `${line.kind}:\n`;
}

/** Parses and validates a line of {@link streamLine}; undefined for anything else. */
export function readStreamLine(text: string): StreamLine | undefined {
  const colon = text.indexOf(':');
  const kind = text.slice(0, colon);
  if (text === 'live:') return { kind: 'live' };
  if (!Object.hasOwn(LINES, kind)) return undefined;
  try {
    const of: unknown = JSON.parse(text.slice(colon + 1));
    return LINES[kind as keyof typeof LINES](of) ? ({ kind, of } as StreamLine) : undefined;
  } catch {
    return undefined;
  }
}

const isEvent = oneOf(EVENTS.map(({ event }) => event));
const isTime: Test = (value) => typeof value === 'string' && /^[\dTZ:.+-]{10,40}$/.test(value);
/** Empty if the peer was gone before its address could be read. */
const isAddress: Test = (value) => typeof value === 'string' && /^[\w.:%[\]-]{0,80}$/.test(value);
const isValues = recordOf(isText);

/** The names of {@link PhoneCall} that ended ones have, too. */
const CALL = {
  id: orNull(isText),
  peer: orNull(isText),
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
  refused: shape({ time: isTime, refused: isRefusalReason, source: isAddress, path: isText }),
} as const satisfies Readonly<Record<string, Test>>;
