import type { Leg } from '../../line.ts';
import { detach, endCall, report } from '../calls.ts';
import { failTransfer } from '../signals.ts';
import type { Call, Turn } from '../state.ts';
import { dropEntry, enterDigits, openEntry } from './dialling.ts';
import { hangUp, sendTones } from './talking.ts';

/** TRANSFER during a call asks for the number; with two calls, it connects the other parties. */
export function startTransfer(turn: Turn): void {
  if (openEntry(turn, 'transfer', true) === undefined) {
    completeTransfer(turn);
    return;
  }
  turn.handset.transferring = true;
  turn.happen('digits', { detail: '' });
}

/** Digits of the transfer target; once its call is answered, DTMF. */
export function transferDigits(turn: Turn): void {
  const { handset } = turn;
  const [focus, other] = handset.calls;
  if (isReferring(turn)) return;
  if (handset.entry === undefined && other === undefined) openEntry(turn, 'transfer', true);
  if (handset.entry !== undefined) enterDigits(turn);
  else if (focus?.answered === true) sendTones(turn);
}

/**
 * The illustration sends the second TRANSFER with the first request, so it works while the target is still ringing. SIP
 * cannot transfer to a call that is ringing, so phones cancel it and ask the other party to call there.
 */
export function completeTransfer(turn: Turn): void {
  const { handset } = turn;
  if (handset.entry !== undefined || isReferring(turn)) return;
  const kept = handset.calls.findLast(({ answered }) => answered);
  const moved = handset.calls.find((call) => call !== kept);
  // With call waiting, both calls can be with the same phone, which cannot talk to itself.
  if (kept === undefined || moved === undefined || kept.leg.remote === moved.leg.remote) {
    failTransfer(turn, kept);
    return;
  }
  if (!moved.answered) {
    if (!moved.incoming) report(turn, 'cancelCallOut', moved);
    moved.leg.end();
    detach(handset, moved);
  }
  report(turn, 'transferCall', kept);
  report(turn, 'attendedTransfer', kept);
  refer(turn, kept, moved.leg.remote, moved.answered ? moved.leg : moved.leg.remote);
}

/** BLIND after the number: transfers the call without talking to the target. */
export function blindTransfer(turn: Turn): void {
  const { handset } = turn;
  const [kept] = handset.calls;
  if (handset.entry === undefined || handset.entry.digits === '') return;
  const number = handset.entry.digits;
  handset.entry = undefined;
  if (kept?.established !== true) {
    failTransfer(turn, kept, number);
    return;
  }
  report(turn, 'transferCall', kept);
  report(turn, 'blindTransfer', kept);
  refer(turn, kept, number, number);
}

function refer({ handset }: Turn, kept: Call, number: string, to: string | Leg): void {
  kept.referring = number;
  handset.transferring = true;
  kept.leg.refer(to);
}

/** Whether the call has been transferred, and the result is still open. */
function isReferring({ handset }: Turn): boolean {
  return handset.calls.some(({ referring }) => referring !== undefined);
}

/**
 * ENDCALL or CANCEL during a transfer: the original call stays on hold. Once it is transferred, ENDCALL leaves it, and
 * other keys wait for the result.
 */
export function leaveTransfer(turn: Turn): void {
  const { handset, happen, press } = turn;
  const [consultation, other] = handset.calls;
  if (handset.entry !== undefined) dropEntry(turn);
  else if (isReferring(turn)) {
    if (press.name === 'ENDCALL') hangUp(turn);
  } else if (consultation !== undefined && other !== undefined) endCall(turn, consultation);
  else {
    handset.transferring = false;
    happen('cleared');
  }
}
