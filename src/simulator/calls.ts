import type { EventName } from '../protocol/events.ts';
import { available, type Call, otherEnd, type Phone, type Turn } from './state.ts';

/** Reports an event of one end of a call. */
export function report(turn: Turn, phone: Phone, kind: EventName, call: Call): void {
  turn.happen(phone, kind, {
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
  const callee = findCallee(turn, phone, number, id);
  if (callee === undefined) return;
  const call: Call = { id, caller: phone, callee, answered: false, heldBy: new Set() };
  phone.calls = [call, ...phone.calls];
  ring(turn, call);
}

/** The phone that a number leads to, if it can ring; otherwise the caller learns why not. */
export function findCallee(turn: Turn, caller: Phone, number: string, id: string): Phone | undefined {
  const callee = turn.phones.get(number);
  if (callee !== undefined && callee !== caller && available(callee)) return callee;
  caller.notice = `${callee === undefined ? 'Not Found' : 'Busy'} ${number}`;
  turn.happen(caller, callee === undefined ? 'notFound' : 'remoteBusy', {
    call: id,
    remote: number,
    called: number,
  });
  return undefined;
}

/** Makes the callee ring; the caller has the call already. */
export function ring(turn: Turn, call: Call): void {
  const { callee } = call;
  callee.calls = [call];
  callee.screen = undefined;
  callee.notice = '';
  callee.lastCaller = call.caller.extension;
  report(turn, callee, 'incomingCall', call);
}

/** Both ends talk. */
export function establish(turn: Turn, call: Call): void {
  call.answered = true;
  report(turn, call.callee, 'established', call);
  report(turn, call.caller, 'established', call);
}

/** One end ends a call: it hangs up, cancels, or rejects. */
export function endCall(turn: Turn, call: Call, by: Phone): void {
  const ringing = call.caller === by ? 'cancelCallOut' : 'rejectIncomingCall';
  report(turn, by, call.answered ? 'terminated' : ringing, call);
  detach(by, call);
  loseCall(turn, call, otherEnd(call, by));
}

/**
 * A phone loses a call that the other end ended. To the caller a rejected call is `remoteBusy` ("send the outgoing call
 * is rejected"). Of `callRemoteCanceled` the document says "send the outgoing call is canceled by the other side", and
 * an outgoing call can only be canceled by its caller: so the other side is the phone that rang, which has missed a
 * call as well. Which of its two phones reports it is not documented; our choice.
 */
export function loseCall(turn: Turn, call: Call, phone: Phone): void {
  const remote = otherEnd(call, phone).extension;
  if (call.answered) report(turn, phone, 'terminated', call);
  else if (call.caller === phone) {
    phone.notice = `Busy ${remote}`;
    report(turn, phone, 'remoteBusy', call);
  } else {
    phone.notice = `Missed call ${remote}`;
    report(turn, phone, 'callRemoteCanceled', call);
    report(turn, phone, 'missedCall', call);
  }
  detach(phone, call);
}

/** Takes a call from a phone, with what depended on it. */
export function detach(phone: Phone, call: Call): void {
  phone.calls = phone.calls.filter((other) => other !== call);
  phone.transferring = false;
  phone.conference = false;
  // Digits of a plain call outlive it; nothing is left to forward, to transfer or to confer with.
  if (phone.entry?.purpose !== 'call') phone.entry = undefined;
}

/** Puts a call in the place of another. */
export function replaceCall(phone: Phone, old: Call, call: Call): void {
  phone.calls = phone.calls.map((other) => (other === old ? call : other));
}

/** Holds calls, save those that this phone holds already. */
export function holdCalls(turn: Turn, phone: Phone, calls: readonly Call[]): void {
  for (const call of calls) {
    if (call.heldBy.has(phone)) continue;
    call.heldBy.add(phone);
    report(turn, phone, 'hold', call);
  }
}

/** Resumes calls that this phone holds. */
export function resumeCalls(turn: Turn, phone: Phone, calls: readonly Call[]): void {
  for (const call of calls) {
    if (call.heldBy.delete(phone)) report(turn, phone, 'unHold', call);
  }
}
