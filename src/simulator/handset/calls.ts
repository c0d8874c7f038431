import type { EventName } from '../../protocol/events.ts';
import type { Dialling, Leg } from '../line.ts';
import { type Call, freeLine, type Handset, incomingCall, MOST_CALLS, type Moment } from './state.ts';

/** Reports an event of a call. */
export function report({ happen }: Moment, kind: EventName, { leg, called }: Call): void {
  happen(kind, { call: leg.id, remote: leg.remote, called });
}

/** Creates an outgoing or incoming call. */
export function newCall(handset: Handset, leg: Leg, facts: Pick<Call, 'incoming' | 'called'>): Call {
  return {
    leg,
    line: freeLine(handset),
    answered: false,
    established: false,
    held: false,
    heldByRemote: false,
    referring: undefined,
    instead: undefined,
    ...facts,
  };
}

/** Calls a number. The handset must have room for one more call. */
export function callNumber(
  turn: Moment,
  number: string,
  how: Dialling | 'pickup' = 'plain',
  line = freeLine(turn.handset),
): void {
  const { handset } = turn;
  if (how === 'plain') handset.lastDialled = number;
  handset.screen = undefined;
  // A call that was established while digits were typed, because its other party transferred it.
  holdCalls(turn, handset.calls);
  const leg = how === 'pickup' ? turn.line.pickUp(number) : turn.line.dial(number, how);
  const call = { ...newCall(handset, leg, { incoming: false, called: number }), line };
  handset.calls = [call, ...handset.calls];
  turn.happen('outgoingCall', { call: leg.id, remote: number, called: number });
}

/** Ends a call from this side: hangs up, cancels, or rejects. */
export function endCall(turn: Moment, call: Call): void {
  const ringing = call.incoming ? 'rejectIncomingCall' : 'cancelCallOut';
  if (call.established) report(turn, 'terminated', call);
  else if (!call.answered) report(turn, ringing, call);
  leave(turn.handset, call);
  if (call.incoming && !call.answered) call.leg.refuse('rejected');
  else call.leg.end();
  turn.asked();
}

/** Removes a call from a handset. The call that it would have replaced continues. */
export function leave(handset: Handset, call: Call): void {
  if (call.instead === undefined) detach(handset, call);
  else replaceCall(handset, call, call.instead);
}

/** Removes a call from a handset, with everything that depended on it. */
export function detach(handset: Handset, call: Call): void {
  handset.calls = handset.calls.filter((other) => other !== call);
  if (handset.calls.length < MOST_CALLS) endConference(handset);
  handset.transferring = handset.calls.some(({ referring }) => referring !== undefined);
  // Digits for a new call are kept, and so are those of a forward while its call rings. Nothing is left to transfer or
  // to confer with.
  const purpose = handset.entry?.purpose;
  const outlives =
    purpose === 'forward'
      ? incomingCall(handset) !== undefined
      : purpose !== 'transfer' && purpose !== 'conference';
  if (!outlives) handset.entry = undefined;
}

/** The calls are separate again. */
export function endConference(handset: Handset): void {
  if (!handset.conference) return;
  for (const { leg } of handset.calls) leg.mix(undefined);
  handset.conference = false;
}

/** Replaces one call with another. */
export function replaceCall(handset: Handset, old: Call, call: Call): void {
  handset.calls = handset.calls.map((other) => (other === old ? call : other));
}

/** Requests hold for active calls; `hold` is reported once the other side has agreed. */
export function holdCalls({ asked }: Moment, calls: readonly Call[]): void {
  for (const call of calls) {
    if (call.held || !call.answered) continue;
    call.held = true;
    asked();
    call.leg.hold();
  }
}

/** Requests to resume held calls. */
export function resumeCalls({ asked }: Moment, calls: readonly Call[]): void {
  for (const call of calls) {
    if (!call.held) continue;
    call.held = false;
    asked();
    call.leg.resume();
  }
}

/**
 * A ringing call is forwarded to another number. The phone that forwards has not missed it.
 *
 * @param chosen - whether a person chose it, not a setting
 */
export function forwardCall(turn: Moment, call: Call, number: string, chosen: boolean): void {
  turn.happen('forwardIncomingCall', { call: call.leg.id, remote: number, called: call.called });
  detach(turn.handset, call);
  call.leg.redirect(number, chosen);
}
