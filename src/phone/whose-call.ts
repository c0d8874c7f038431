import type { EventName } from '../protocol/events.ts';
import type { ReportedEvent } from '../protocol/reported-event.ts';
import type { VerbProof } from '../protocol/verb-events.ts';

/** A call that a phone has, as its events told. */
export interface KnownCall {
  readonly id: string | null;
  readonly state: string;
  readonly direction: 'incoming' | 'outgoing' | null;
}

/** What was reported around a press. */
export interface Around {
  /** The calls before it. */
  readonly calls: readonly KnownCall[];
  /** The events since then. */
  readonly heard: readonly ReportedEvent[];
}

/**
 * Whether the call that is up is certainly another one than the keys place or answer: by the number of the call, or else
 * by the order in which calls began.
 */
export function isOfOtherCall(
  up: ReportedEvent,
  direction: NonNullable<VerbProof['direction']>,
  { calls, heard }: Around,
): boolean {
  if (up.event !== 'established') return false;
  const since = heard.slice(0, heard.indexOf(up));
  const id = up.values['call_id'] ?? '';
  const begin = since.findLast(({ event, values }) => event in BEGINS && values['call_id'] === id);
  if (id !== '' && begin !== undefined) return BEGINS[begin.event] !== direction;
  const known = calls.find((call) => call.id === id);
  // What was there before the keys, was not placed by them.
  if (known !== undefined) return direction === 'outgoing' || known.direction === 'outgoing';
  const unnamed = calls.filter((call) => id === '' || call.id === null);
  const has = (state: string) => unnamed.some((call) => call.state === state);
  const began = (event: EventName) => since.some((one) => one.event === event);
  if (direction === 'incoming') {
    const rings = has('ringing') || began('incomingCall') || began('answerNewIncomingCall');
    return !rings && (has('calling') || began('outgoingCall'));
  }
  const last = since.findLast(({ event }) => ANSWERS.includes(event));
  return last === undefined ? has('calling') || has('ringing') : last.event === 'answerNewIncomingCall';
}

const BEGINS: { readonly [Event in EventName]?: 'incoming' | 'outgoing' } = {
  incomingCall: 'incoming',
  outgoingCall: 'outgoing',
};
const ANSWERS: readonly EventName[] = ['answerNewIncomingCall', 'established', 'outgoingCall'];
