import { EVENTS } from '../protocol/events.ts';
import type { ReportedEvent } from '../protocol/reported-event.ts';
import { isRefusalReason, type RefusedRequest } from './refusal.ts';
import { isText, isTruth, listOf, oneOf, orNull, recordOf, shape, type Test } from './shape.ts';
import type { HeardPhone } from './states/phone-states.ts';
import { CALL_STATES } from './states/state.ts';

/** One line that a listener writes for another program of the same user. */
export type StreamLine =
  | { readonly kind: 'state'; readonly of: HeardPhone }
  /** All states were told; from here on, events come as they are reported. */
  | { readonly kind: 'live' }
  | { readonly kind: 'event'; readonly of: ReportedEvent }
  | { readonly kind: 'refused'; readonly of: RefusedRequest };

/** Writes a line. */
export function streamLine(line: StreamLine): string {
  return 'of' in line ? `${line.kind}: ${JSON.stringify(line.of)}\n` : `${line.kind}:\n`;
}

/** Reads a line that {@link streamLine} wrote; undefined where it did not. What is in it is as it must be. */
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
/** Empty where the other side was gone before it could be asked. */
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
  state: shape({ phone: isText, source: isAddress, values: isValues, state: isState }),
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
