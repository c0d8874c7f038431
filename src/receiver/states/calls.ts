import { callNumber, otherSide } from '../../call-identity.ts';
import type { CallEffect, CallPhase } from '../../protocol/meaning.ts';
import type { ReportedEvent } from '../../protocol/reported-event.ts';
import type { EndedCall, PhoneCall, PhoneState } from './state.ts';

/** What an event says about its call. */
type Told = Pick<PhoneCall, 'id' | 'peer' | 'display'>;

/** More than any phone has; bounds what forged events can create. */
const MOST_CALLS = 8;
const LONGEST_NAME = 100;

/** Events of one call use separate connections and can overtake each other by this many milliseconds. */
const LATE = 2000;

/** The state after an event of a call. */
export function withCall(state: PhoneState, effect: CallEffect, event: ReportedEvent): PhoneState {
  const told = toldBy(event, effect);
  if (effect.call === 'over' && isOverAlready(state, told)) return state;
  const known = replacesEnded(state, effect, told, event.time)
    ? undefined
    : findCall(state.calls, effect, told);
  if (effect.call === 'over') return known === undefined ? state : withoutCalls(state, [known], event.time);
  if (known === undefined && effect.from.length > 0 && isLate(state.lastCall, told, event.time)) return state;
  const call = changed(known, effect.call, told, event.time);
  const others = state.calls.filter((other) => other !== known);
  return {
    ...state,
    // A phone that says when it is in use says so again when the call is over.
    busy: state.busy === null ? null : true,
    calls:
      known === undefined
        ? [call, ...others].slice(0, MOST_CALLS)
        : state.calls.map((other) => (other === known ? call : other)),
  };
}

/**
 * The state after some calls ended. Where the phone says itself when it is in use, it is believed; else it has hung up
 * when no call is left.
 */
export function withoutCalls(state: PhoneState, over: readonly PhoneCall[], time: string): PhoneState {
  const [first] = over;
  if (first === undefined) return state;
  const calls = state.calls.filter((call) => !over.includes(call));
  const { id, peer, display, direction, answered } = first;
  return {
    ...state,
    calls,
    lastCall: { id, peer, display, direction, answered, ended: time },
    offHook: calls.length === 0 && state.busy === null ? false : state.offHook,
  };
}

/** The calls that end when a phone has handed one over: that one, and the one in which it asked whom to hand it to. */
export function handedOver({ calls }: PhoneState, event: ReportedEvent): readonly PhoneCall[] {
  const told = toldBy(event);
  const named = findCall(calls, { call: 'over', from: ['held', 'talking'] }, told);
  // It asks in a call that it places. Another one may have come in or been placed since, as while the target of a blind
  // transfer rings: where calls have numbers, that in which it asked is over by its own event.
  const asked = calls.find(
    ({ id, state, direction }) =>
      (state === 'calling' || state === 'talking') &&
      direction !== 'incoming' &&
      (id === null || told.id === null || named === undefined),
  );
  return [named, asked].flatMap((call, index, all) =>
    call === undefined || all.indexOf(call) < index ? [] : [call],
  );
}

/** The call after an event. A late event undoes nothing. */
function changed(known: PhoneCall | undefined, to: CallPhase, told: Told, time: string): PhoneCall {
  const begins = to === 'ringing' || to === 'calling';
  const phase = known !== undefined && begins ? known.state : to;
  return {
    id: told.id ?? known?.id ?? null,
    state: phase,
    peer: told.peer ?? known?.peer ?? null,
    display: told.display ?? known?.display ?? null,
    direction: begins ? (to === 'ringing' ? 'incoming' : 'outgoing') : (known?.direction ?? null),
    since: known?.state === phase ? known.since : time,
    answered: known?.answered ?? (phase === 'talking' ? time : null),
  };
}

/**
 * The call that an event is about: the one of its id. Where one of the two has no id, it is one that the event can
 * follow, of the same other side rather than of another. A call that is being placed can be forwarded on its way, and
 * has another id and another other side from then on; a phone places one at a time.
 */
function findCall(
  calls: readonly PhoneCall[],
  { call: to, from }: CallEffect,
  told: Told,
): PhoneCall | undefined {
  const same = told.id === null ? undefined : calls.find(({ id }) => id === told.id);
  if (same !== undefined) return same;
  const unnamed = calls.filter(({ id }) => id === null || told.id === null);
  const follows = unnamed.filter(({ state }) => from.includes(state));
  const repeated = unnamed.filter(({ state }) => state === to);
  const ofPeer = (call: PhoneCall) => told.peer !== null && call.peer === told.peer;
  const maybe = (call: PhoneCall) => told.peer === null || call.peer === null || call.peer === told.peer;
  const found = follows.find(ofPeer) ?? repeated.find(ofPeer) ?? follows.find(maybe) ?? repeated.find(maybe);
  if (found !== undefined) return found;
  // Who answers need not be who was called. Who hangs up is one of the two.
  const answers = to === 'talking' ? follows[0] : undefined;
  // One that rang is over by its own number.
  const mayBePlaced = from.includes('calling') && (to === 'talking' || !from.includes('ringing'));
  return answers ?? (mayBePlaced ? calls.find(({ state }) => state === 'calling') : undefined);
}

/**
 * A call that nobody heard of is up, right after another one ended: the other side of that one handed it over, and the
 * call that is being placed goes on.
 */
function replacesEnded(
  { calls, lastCall }: PhoneState,
  { call: to, from }: CallEffect,
  told: Told,
  time: string,
): boolean {
  if (to !== 'talking' || !from.includes('calling') || told.id === null || lastCall === null) return false;
  if (calls.some(({ id }) => id === null || id === told.id) || lastCall.id === told.id) return false;
  return lastCall.answered !== null && isClose(time, lastCall.ended);
}

/** Whether an event tells once more, as a late one, of the call that ended last. */
function isOverAlready({ calls, lastCall }: PhoneState, { id }: Told): boolean {
  return id !== null && lastCall?.id === id && calls.every((call) => call.id !== null && call.id !== id);
}

/** Whether an event belongs to a call that ended a moment ago, and was merely overtaken. */
function isLate(last: EndedCall | null, told: Told, time: string): boolean {
  if (last === null || !isClose(time, last.ended)) return false;
  if (told.id !== null && last.id !== null) return told.id === last.id;
  return told.peer === null || last.peer === null || told.peer === last.peer;
}

/** Whether one moment is near another; after the clock was set back, what is later seems to be long before. */
function isClose(time: string, ended: string): boolean {
  return Math.abs(Date.parse(time) - Date.parse(ended)) <= LATE;
}

function toldBy({ values }: ReportedEvent, { remoteIsTarget }: Partial<CallEffect> = {}): Told {
  return {
    id: callNumber(values),
    peer: remoteIsTarget === true ? null : otherSide(values),
    display: remoteIsTarget === true ? null : nameIn(values['display_remote']),
  };
}

function nameIn(text = ''): string | null {
  return text.trim().slice(0, LONGEST_NAME) || null;
}
