import type { EventName } from '../protocol/events.ts';
import { routeOf, takeRoute, targetOf } from './routing.ts';
import { type Call, type Handset, incomingCall, type Moment, otherEnd, type Turn } from './state.ts';

/** Reports an event of one end of a call. */
export function report(moment: Moment, phone: Handset, kind: EventName, call: Call): void {
  moment.happen(phone, kind, {
    call: call.id,
    remote: otherEnd(call, phone).extension,
    called: call.callee.extension,
  });
}

/** Calls a number from this phone; the phone must be free for one more call. */
export function callNumber(turn: Turn, number: string): void {
  const { phone } = turn;
  const id = turn.newCallId();
  phone.lastDialled = number;
  phone.screen = undefined;
  turn.happen(phone, 'outgoingCall', { call: id, remote: number, called: number });
  const route = routeOf(turn.phones, number, [phone]);
  const { callee, via } = route;
  takeRoute(turn, route, id, phone);
  if (callee === undefined) return;
  const call: Call = { id, caller: phone, callee, answered: false, heldBy: new Set(), via };
  phone.calls = [call, ...phone.calls];
  ring(turn, call);
}

/** Makes the callee ring, beside the call that it may be in; the caller has the call already. */
export function ring(moment: Moment, call: Call): void {
  const { callee } = call;
  callee.calls = [call, ...callee.calls.filter((other) => other !== call)];
  callee.screen = undefined;
  callee.notice = '';
  callee.lastCaller = call.caller.extension;
  report(moment, callee, 'incomingCall', call);
}

/**
 * A call that rings goes on to another number: the caller keeps it, and loses it if it cannot ring there. The phone
 * that forwards has not missed it.
 *
 * @param via - the phones that it does not come to again
 */
export function forwardCall(moment: Moment, call: Call, number: string, via: readonly Handset[]): void {
  const { caller, callee: phone } = call;
  const id = moment.newCallId();
  moment.happen(phone, 'forwardIncomingCall', { call: call.id, remote: number, called: phone.extension });
  const route = routeOf(moment.phones, number, [caller], via);
  takeRoute(moment, route, id, caller);
  detach(phone, call);
  if (route.callee === undefined) {
    detach(caller, call);
    return;
  }
  const forwarded: Call = { ...call, id, callee: route.callee, via: route.via };
  replaceCall(caller, call, forwarded);
  ring(moment, forwarded);
}

/**
 * Nobody has answered for as long as a call rings. It goes on to where the phone forwards such calls. Else it ends, and
 * for the caller the other side has ended the ringing: `callRemoteCanceled`, see {@link loseCall}.
 */
export function ringOver(moment: Moment, call: Call): void {
  const { caller, callee } = call;
  const target = targetOf(callee, 'noAnswer');
  if (target !== undefined) {
    forwardCall(moment, call, target, [...call.via, callee]);
    return;
  }
  callee.notice = `Missed call ${caller.extension}`;
  report(moment, callee, 'missedCall', call);
  detach(callee, call);
  caller.notice = `No answer ${callee.extension}`;
  report(moment, caller, 'callRemoteCanceled', call);
  detach(caller, call);
}

/** Both ends talk. */
export function establish(moment: Moment, call: Call): void {
  call.answered = true;
  report(moment, call.callee, 'established', call);
  report(moment, call.caller, 'established', call);
}

/** One end ends a call: it hangs up, cancels, or rejects. */
export function endCall(moment: Moment, call: Call, by: Handset): void {
  const ringing = call.caller === by ? 'cancelCallOut' : 'rejectIncomingCall';
  report(moment, by, call.answered ? 'terminated' : ringing, call);
  detach(by, call);
  loseCall(moment, call, otherEnd(call, by));
}

/**
 * A phone loses a call that the other end ended. To the caller a rejected call is `remoteBusy` ("send the outgoing call
 * is rejected"). Of `callRemoteCanceled` the document says in its table "send the outgoing call is canceled by the other
 * side", which can mean the phone that rang and whose caller gave up; and elsewhere "the dial account end the ringing",
 * which means the caller, when nobody answered. It can be read both ways, so each is played once: here the phone that
 * rang reports it, and has missed a call as well; in {@link ringOver} the caller does. Not documented; our choice.
 */
export function loseCall(moment: Moment, call: Call, phone: Handset): void {
  const remote = otherEnd(call, phone).extension;
  if (call.answered) report(moment, phone, 'terminated', call);
  else if (call.caller === phone) {
    phone.notice = `Busy ${remote}`;
    report(moment, phone, 'remoteBusy', call);
  } else {
    phone.notice = `Missed call ${remote}`;
    report(moment, phone, 'callRemoteCanceled', call);
    report(moment, phone, 'missedCall', call);
  }
  detach(phone, call);
}

/** Takes a call from a phone, with what depended on it. */
export function detach(phone: Handset, call: Call): void {
  phone.calls = phone.calls.filter((other) => other !== call);
  phone.transferring = false;
  phone.conference = false;
  // Digits of a plain call outlive it, as do those of a forward while its call rings on; nothing is left to transfer
  // or to confer with.
  const purpose = phone.entry?.purpose;
  const outlives = purpose === 'forward' ? incomingCall(phone) !== undefined : purpose === 'call';
  if (!outlives) phone.entry = undefined;
}

/** Puts a call in the place of another. */
export function replaceCall(phone: Handset, old: Call, call: Call): void {
  phone.calls = phone.calls.map((other) => (other === old ? call : other));
}

/** Holds calls, save those that this phone holds already. */
export function holdCalls(moment: Moment, phone: Handset, calls: readonly Call[]): void {
  for (const call of calls) {
    if (call.heldBy.has(phone)) continue;
    call.heldBy.add(phone);
    report(moment, phone, 'hold', call);
  }
}

/** Resumes calls that this phone holds. */
export function resumeCalls(moment: Moment, phone: Handset, calls: readonly Call[]): void {
  for (const call of calls) {
    if (call.heldBy.delete(phone)) report(moment, phone, 'unHold', call);
  }
}
