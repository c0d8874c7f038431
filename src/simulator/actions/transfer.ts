import { detach, endCall, findCallee, replaceCall, report, ring } from '../calls.ts';
import { type Call, otherEnd, type Phone, type Turn } from '../state.ts';
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
  if (kept === undefined || moved === undefined) {
    failTransfer(turn);
    return;
  }
  report(turn, phone, 'transferCall', kept);
  report(turn, phone, 'attendedTransfer', kept);
  handOver(turn, kept, otherEnd(moved, phone), moved);
}

/** BLIND after the number: the call is handed over without a word with the target. */
export function blindTransfer(turn: Turn): void {
  const { phone } = turn;
  const [call] = phone.calls;
  if (phone.entry === undefined || phone.entry.digits === '') return;
  const number = phone.entry.digits;
  const target = call?.answered === true ? findTarget(turn, number) : undefined;
  if (call === undefined || target === undefined) {
    failTransfer(turn, ` ${number}`);
    return;
  }
  report(turn, phone, 'transferCall', call);
  report(turn, phone, 'blindTransfer', call);
  handOver(turn, call, target);
}

/** Who could take the call. The phone itself cannot: it is busy with it. */
function findTarget(turn: Turn, number: string): Phone | undefined {
  return findCallee(turn, turn.phone, number, turn.newCallId());
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
function failTransfer({ phone, happen }: Turn, number = ''): void {
  phone.entry = undefined;
  phone.transferring = false;
  phone.notice = `Transfer failed${number}`;
  happen(phone, 'transferFailed');
}

/** The other end of `kept` gets a call with the target: the one that `moved` was, or a new one that rings. */
function handOver(turn: Turn, kept: Call, target: Phone, moved?: Call): void {
  const { phone } = turn;
  const caller = otherEnd(kept, phone);
  const id = turn.newCallId();
  const answered = moved?.answered === true;
  const call: Call = { id, caller, callee: target, answered, heldBy: new Set() };
  if (kept.heldBy.has(caller)) call.heldBy.add(caller);
  if (moved?.heldBy.has(target) === true) call.heldBy.add(target);
  replaceCall(caller, kept, call);
  report(turn, caller, 'outgoingCall', call);
  if (!answered) ring(turn, call);
  else if (moved !== undefined) {
    replaceCall(target, moved, call);
    report(turn, target, 'established', call);
    report(turn, caller, 'established', call);
  }
  for (const gone of moved === undefined ? [kept] : [kept, moved]) detach(phone, gone);
  const facts = { call: kept.id, remote: caller.extension, called: kept.callee.extension };
  turn.happen(phone, 'transferFinished', facts);
  turn.happen(phone, 'terminated', facts);
}
