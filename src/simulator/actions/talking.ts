import { endCall, establish, holdCalls, report, resumeCalls } from '../calls.ts';
import { type Handset, incomingCall, MOST_CALLS, type Turn } from '../state.ts';
import { openEntry, switchAudio } from './dialling.ts';

/** So many of the last tones are kept. */
const MOST_TONES = 64;

/** ANSWER, or SPEAKER or HEADSET, which choose the sound as well. The call that was on goes on hold. */
export function answer(turn: Turn): void {
  const { phone } = turn;
  const call = incomingCall(phone);
  if (call === undefined) return;
  phone.entry = undefined;
  switchAudio(turn);
  holdCalls(turn, phone, phone.calls.slice(1));
  report(turn, phone, 'answerNewIncomingCall', call);
  establish(turn, call);
}

export function reject(turn: Turn): void {
  const call = incomingCall(turn.phone);
  if (call !== undefined) endCall(turn, call, turn.phone);
}

/**
 * ENDCALL while it rings: "End the talking call", and the waiting one rings on. Where no call is on, be it none at all
 * or one on hold, it rejects; not documented, our choice.
 */
export function endOrReject(turn: Turn): void {
  const { phone } = turn;
  const [, on] = phone.calls;
  if (on === undefined || on.heldBy.has(phone)) reject(turn);
  else endCall(turn, on, phone);
}

/** ENDCALL or CANCEL while the other side rings. */
export function cancelCall(turn: Turn): void {
  const [focus] = turn.phone.calls;
  if (focus !== undefined) endCall(turn, focus, turn.phone);
}

/** Ends the call in focus; of a conference, every call. */
export function hangUp(turn: Turn): void {
  for (const call of inFocus(turn.phone)) endCall(turn, call, turn.phone);
}

export function hold(turn: Turn): void {
  holdCalls(turn, turn.phone, inFocus(turn.phone));
}

export function resume(turn: Turn): void {
  resumeCalls(turn, turn.phone, inFocus(turn.phone));
}

/** The call that keys mean: the first, or all of a conference. */
function inFocus({ calls, conference }: Handset): Handset['calls'] {
  return conference ? calls : calls.slice(0, 1);
}

/** FLASH_CALL: "switch quickly in two calls". */
export function swap(turn: Turn): void {
  const { phone, happen } = turn;
  const [focus, other] = phone.calls;
  if (focus === undefined || other === undefined || phone.conference) return;
  holdCalls(turn, phone, [focus]);
  phone.calls = [other, focus];
  resumeCalls(turn, phone, [other]);
  happen(phone, 'swapped');
}

export function sendTones({ phone, press, happen }: Turn): void {
  const { digits = '' } = press;
  phone.dtmf = (phone.dtmf + digits).slice(-MOST_TONES);
  happen(phone, 'dtmf', { detail: digits });
}

/** CONFERENCE with one call asks whom to invite; with two it joins them, as the illustrations show. */
export function startConference(turn: Turn): void {
  if (turn.phone.calls.length >= MOST_CALLS) join(turn);
  else if (openEntry(turn, 'conference', true) !== undefined)
    turn.happen(turn.phone, 'digits', { detail: '' });
}

/** JOIN: both calls become one conversation, once both were answered. */
export function join(turn: Turn): void {
  const { phone, happen } = turn;
  if (phone.calls.length < MOST_CALLS || phone.calls.some((call) => !call.answered)) return;
  phone.conference = true;
  resumeCalls(turn, phone, phone.calls);
  happen(phone, 'joined');
}

/** SPLIT: the first call goes on, the other is held. */
export function split(turn: Turn): void {
  const { phone, happen } = turn;
  phone.conference = false;
  holdCalls(turn, phone, phone.calls.slice(1));
  happen(phone, 'split');
}

export function toggleMute(turn: Turn): void {
  const { phone } = turn;
  const [focus] = phone.calls;
  if (focus === undefined) return;
  phone.muted = !phone.muted;
  report(turn, phone, phone.muted ? 'mute' : 'unMute', focus);
}
