import { endCall, endConference, holdCalls, report, resumeCalls } from '../calls.ts';
import { MOST_TONES } from '../signals.ts';
import { type Handset, incomingCall, MOST_CALLS, type Turn } from '../state.ts';
import { openEntry, switchAudio } from './dialling.ts';

/** ANSWER, or SPEAKER or HEADSET, which choose the sound as well. The call that was on goes on hold. */
export function answer(turn: Turn): void {
  const { handset } = turn;
  const call = incomingCall(handset);
  if (call === undefined) return;
  handset.entry = undefined;
  switchAudio(turn);
  holdCalls(turn, handset.calls.slice(1));
  call.answered = true;
  turn.asked();
  call.leg.accept();
}

export function reject(turn: Turn): void {
  const call = incomingCall(turn.handset);
  if (call !== undefined) endCall(turn, call);
}

/**
 * ENDCALL while it rings: "End the talking call", and the waiting one rings on. Where no call is on, be it none at all
 * or one on hold, it rejects; not documented, our choice.
 */
export function endOrReject(turn: Turn): void {
  const { handset } = turn;
  const [, on] = handset.calls;
  if (on === undefined || on.held) reject(turn);
  else endCall(turn, on);
}

/** ENDCALL or CANCEL while the other side rings. */
export function cancelCall(turn: Turn): void {
  const [focus] = turn.handset.calls;
  if (focus !== undefined) endCall(turn, focus);
}

/** Ends the call in focus; of a conference, every call. */
export function hangUp(turn: Turn): void {
  for (const call of inFocus(turn.handset)) endCall(turn, call);
}

export function hold(turn: Turn): void {
  holdCalls(turn, inFocus(turn.handset));
}

export function resume(turn: Turn): void {
  resumeCalls(turn, inFocus(turn.handset));
}

/** The call that keys mean: the first, or all of a conference. */
function inFocus({ calls, conference }: Handset): Handset['calls'] {
  return conference ? calls : calls.slice(0, 1);
}

/** FLASH_CALL: "switch quickly in two calls". */
export function swap(turn: Turn): void {
  const { handset, happen } = turn;
  const [focus, other] = handset.calls;
  if (focus === undefined || other === undefined || handset.conference) return;
  holdCalls(turn, [focus]);
  handset.calls = [other, focus];
  resumeCalls(turn, [other]);
  happen('swapped');
}

export function sendTones({ handset, press, happen }: Turn): void {
  const { digits = '' } = press;
  for (const { leg } of inFocus(handset)) leg.tones(digits);
  handset.dtmf = (handset.dtmf + digits).slice(-MOST_TONES);
  happen('dtmf', { detail: digits });
}

/** CONFERENCE with one call asks whom to invite; with two it joins them, as the illustrations show. */
export function startConference(turn: Turn): void {
  if (turn.handset.calls.length >= MOST_CALLS) join(turn);
  else if (openEntry(turn, 'conference', true) !== undefined) turn.happen('digits', { detail: '' });
}

/** JOIN: both calls become one conversation, once both were answered. */
export function join(turn: Turn): void {
  const { handset, happen } = turn;
  if (handset.calls.length < MOST_CALLS || handset.calls.some((call) => !call.answered)) return;
  handset.conference = true;
  const [first, second] = handset.calls;
  if (first !== undefined && second !== undefined) first.leg.mix(second.leg);
  resumeCalls(turn, handset.calls);
  happen('joined');
}

/** SPLIT: the first call goes on, the other is held. */
export function split(turn: Turn): void {
  const { handset, happen } = turn;
  endConference(handset);
  holdCalls(turn, handset.calls.slice(1));
  happen('split');
}

export function toggleMute(turn: Turn): void {
  const { handset } = turn;
  const [focus] = handset.calls;
  if (focus === undefined) return;
  handset.muted = !handset.muted;
  for (const { leg } of handset.calls) leg.mute(handset.muted);
  report(turn, handset.muted ? 'mute' : 'unMute', focus);
}
