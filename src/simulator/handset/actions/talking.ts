import { endCall, endConference, holdCalls, report, resumeCalls } from '../calls.ts';
import { MOST_TONES } from '../signals.ts';
import { type Handset, incomingCall, MOST_CALLS, type Turn } from '../state.ts';
import { openEntry, switchAudio } from './dialling.ts';

/** ANSWER, or SPEAKER or HEADSET, which also choose the sound. The active call is put on hold. */
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
 * ENDCALL while ringing: "End the talking call", and the waiting call rings on. If there is no active call, it rejects,
 * even if a call is on hold; not documented, our choice.
 */
export function endOrReject(turn: Turn): void {
  const { handset } = turn;
  const [, on] = handset.calls;
  if (on === undefined || on.held) reject(turn);
  else endCall(turn, on);
}

/** ENDCALL or CANCEL while the other side is ringing. */
export function cancelCall(turn: Turn): void {
  const [focus] = turn.handset.calls;
  if (focus !== undefined) endCall(turn, focus);
}

/** Ends the call in focus, or every call of a conference. */
export function hangUp(turn: Turn): void {
  for (const call of inFocus(turn.handset)) endCall(turn, call);
}

export function hold(turn: Turn): void {
  holdCalls(turn, inFocus(turn.handset));
}

export function resume(turn: Turn): void {
  resumeCalls(turn, inFocus(turn.handset));
}

/** The calls that keys act on: the first, or all of a conference. */
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

/** CONFERENCE with one call asks for a number; with two it joins them, as in the illustrations. */
export function startConference(turn: Turn): void {
  if (turn.handset.calls.length >= MOST_CALLS) join(turn);
  else if (openEntry(turn, 'conference', true) !== undefined) turn.happen('digits', { detail: '' });
}

/** JOIN: both calls become one conversation, once both are answered. */
export function join(turn: Turn): void {
  const { handset, happen } = turn;
  if (handset.calls.length < MOST_CALLS || handset.calls.some((call) => !call.answered)) return;
  handset.conference = true;
  const [first, second] = handset.calls;
  if (first !== undefined && second !== undefined) first.leg.mix(second.leg);
  resumeCalls(turn, handset.calls);
  happen('joined');
}

/** SPLIT: the first call continues, the other is held. */
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
