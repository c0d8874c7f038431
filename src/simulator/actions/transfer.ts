import { detach, endCall, establish, replaceCall, report, ring } from '../calls.ts';
import { type Route, routeOf, takeRoute } from '../routing.ts';
import { type Call, type Handset, otherEnd, type Turn } from '../state.ts';
import { dropEntry, enterDigits, openEntry } from './dialling.ts';
import { sendTones } from './talking.ts';

/** TRANSFER in a call asks for the number; with two calls on, it connects their other ends. */
export function startTransfer(turn: Turn): void {
  const { phone, happen } = turn;
  if (openEntry(turn, 'transfer', true) === undefined) {
    completeTransfer(turn);
    return;
  }
  phone.transferring = true;
  happen(phone, 'digits', { detail: '' });
}

/** Digits of the number to transfer to; once its call is answered, tones. */
export function transferDigits(turn: Turn): void {
  const { phone } = turn;
  const [focus, other] = phone.calls;
  if (phone.entry === undefined && other === undefined) openEntry(turn, 'transfer', true);
  if (phone.entry !== undefined) enterDigits(turn);
  else if (focus?.answered === true) sendTones(turn);
}

/** The illustration sends the second TRANSFER with the first request, so it counts while the target still rings. */
export function completeTransfer(turn: Turn): void {
  const { phone } = turn;
  if (phone.entry !== undefined) return;
  const kept = phone.calls.findLast((call) => call.answered);
  const moved = phone.calls.find((call) => call !== kept);
  const caller = kept && otherEnd(kept, phone);
  const target = moved && otherEnd(moved, phone);
  // With call waiting both calls can be with one phone, which cannot talk to itself.
  if (!kept || !moved || !caller || !target || caller === target) {
    failTransfer(turn);
    return;
  }
  report(turn, phone, 'transferCall', kept);
  report(turn, phone, 'attendedTransfer', kept);
  handOver(turn, { kept, caller, target, moved });
}

/** BLIND after the number: the call is handed over without a word with the target. */
export function blindTransfer(turn: Turn): void {
  const { phone } = turn;
  const [kept] = phone.calls;
  if (phone.entry === undefined || phone.entry.digits === '') return;
  const number = phone.entry.digits;
  if (kept?.answered !== true) {
    failTransfer(turn, number);
    return;
  }
  const caller = otherEnd(kept, phone);
  // Neither of the two can take the call: they are busy with it.
  const route = routeOf(turn.phones, number, [phone, caller]);
  if (route.callee === undefined) {
    takeRoute(turn, route, turn.newCallId(), phone);
    failTransfer(turn, number);
    return;
  }
  report(turn, phone, 'transferCall', kept);
  report(turn, phone, 'blindTransfer', kept);
  handOver(turn, { kept, caller, target: route.callee, blind: { number, route } });
}

/** ENDCALL or CANCEL on the way: the original call stays on hold. */
export function leaveTransfer(turn: Turn): void {
  const { phone, happen } = turn;
  const [consultation, other] = phone.calls;
  if (phone.entry !== undefined) dropEntry(turn);
  else if (consultation !== undefined && other !== undefined) endCall(turn, consultation, phone);
  else {
    phone.transferring = false;
    happen(phone, 'cleared');
  }
}

/** The original call stays, on hold. */
function failTransfer(turn: Turn, number = ''): void {
  const { phone } = turn;
  phone.entry = undefined;
  phone.transferring = false;
  phone.notice = `Transfer failed ${number}`.trimEnd();
  const kept = phone.calls.findLast((call) => call.answered);
  // The call that was to be transferred, as a transfer that works names it.
  if (kept === undefined) turn.happen(phone, 'transferFailed');
  else report(turn, phone, 'transferFailed', kept);
}

/** What is handed over. */
interface HandOver {
  readonly kept: Call;
  /** The other end of it, which keeps it. */
  readonly caller: Handset;
  readonly target: Handset;
  /** The call with the target, answered or not; none when the transfer is blind. */
  readonly moved?: Call;
  /** How a blind transfer comes to the target, and the number that was typed. */
  readonly blind?: { readonly number: string; readonly route: Route };
}

/**
 * The other end of `kept` gets a call with the target: the one that `moved` was, or a new one that rings. The phone
 * that transfers is out of it at once, so its other end learns what becomes of a call that still rings: `remoteBusy`,
 * or `callRemoteCanceled`. A target that rings already reports the new call, and not that the one before was given up:
 * nobody has missed it. Not documented; our choice.
 */
function handOver(turn: Turn, { kept, caller, target, moved, blind }: HandOver): void {
  const { phone } = turn;
  const id = turn.newCallId();
  const answered = moved?.answered === true;
  const via = blind?.route.via ?? moved?.via ?? [];
  const call: Call = { id, caller, callee: target, answered, heldBy: new Set(), via };
  if (kept.heldBy.has(caller)) call.heldBy.add(caller);
  if (moved?.heldBy.has(target) === true) call.heldBy.add(target);
  replaceCall(caller, kept, call);
  if (moved !== undefined) replaceCall(target, moved, call);
  const number = blind?.number ?? target.extension;
  turn.happen(caller, 'outgoingCall', { call: id, remote: number, called: number });
  if (blind !== undefined) takeRoute(turn, blind.route, id, caller);
  if (answered) establish(turn, call);
  else ring(turn, call);
  report(turn, phone, 'transferFinished', kept);
  leave(turn, kept);
  if (moved !== undefined) leave(turn, moved);
}

/**
 * The phone that transfers is done with a call. Where it was established it is terminated, at both ends: the other end
 * talks on, but in a call with an id of its own, and would seem to talk in this one for ever.
 */
function leave(turn: Turn, call: Call): void {
  const { phone } = turn;
  detach(phone, call);
  if (!call.answered) return;
  report(turn, phone, 'terminated', call);
  report(turn, otherEnd(call, phone), 'terminated', call);
}
