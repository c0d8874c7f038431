import type { EventName } from '../../../protocol/events.ts';
import { callNumber, forwardCall, holdCalls } from '../calls.ts';
import type { Press, PressName } from '../press.ts';
import {
  type Audio,
  type Entry,
  freeLine,
  incomingCall,
  lineInUse,
  MOST_CALLS,
  type Purpose,
  type Turn,
} from '../state.ts';

/** Longer than any number; further digits are lost. Not documented; our choice. */
const MOST_DIGITS = 32;

const AUDIO_KEYS: Readonly<Partial<Record<PressName, readonly [Audio, EventName]>>> = {
  SPEAKER: ['speaker', 'handfree'],
  HEADSET: ['headset', 'headset'],
};

/** SPEAKER or HEADSET chooses where the sound goes; other keys do not change it. */
export function switchAudio({ handset, press, happen }: Turn): void {
  const key = AUDIO_KEYS[press.name];
  if (key === undefined) return;
  const [audio, event] = key;
  handset.audio = audio;
  happen(event);
}

/** Starts collecting digits. An active call is put on hold, unless it is the one to forward. */
export function openEntry(turn: Turn, purpose: Purpose, offHook: boolean): Entry | undefined {
  const { handset } = turn;
  if (purpose !== 'forward') {
    if (handset.calls.length >= MOST_CALLS) return undefined;
    holdCalls(turn, handset.calls);
  }
  handset.screen = undefined;
  handset.entry = { purpose, digits: '', offHook };
  return handset.entry;
}

/** SPEAKER, HEADSET, NEWCALL: opens a line that waits for digits. Digits typed before are kept. */
export function openLine(turn: Turn): void {
  openOn(turn, undefined);
}

/** @param line - the line key that opened it */
export function openOn(turn: Turn, line: number | undefined): void {
  const { handset, happen } = turn;
  // The ringing call stays in focus, as with NEWCALL.
  if (incomingCall(handset) !== undefined) return;
  const entry = handset.entry ?? openEntry(turn, 'call', true);
  if (entry === undefined) return;
  handset.entry = { ...entry, offHook: true, line: line ?? entry.line ?? freeLine(handset) };
  switchAudio(turn);
  happen('lineOpened', { detail: String(lineInUse(handset)) });
}

/** INTERCOM, DIRECT_PICKUP: the following digits say whom to call on intercom, or whose call to pick up. */
export function openFor(purpose: 'intercom' | 'pickup') {
  return (turn: Turn): void => {
    const entry = turn.handset.entry ?? openEntry(turn, purpose, true);
    if (entry === undefined || (entry.purpose !== 'call' && entry.purpose !== purpose)) return;
    turn.handset.entry = { ...entry, purpose, offHook: true };
    turn.happen('digits', { detail: entry.digits });
  };
}

/** Digits before DIAL. While the line is closed, this is the document's "pre-dial status". */
export function enterDigits(turn: Turn): void {
  const { handset, press, happen } = turn;
  const entry = handset.entry ?? openEntry(turn, 'call', false);
  if (entry === undefined) return;
  const digits = moreDigits(entry.digits, press);
  handset.entry = { ...entry, digits };
  happen('digits', { detail: digits });
}

/** A number with the digits of a key appended. */
export function moreDigits(number: string, { digits = '' }: Press): string {
  return (number + digits).slice(0, MOST_DIGITS);
}

/** UN_DIAL and everything else that stops collecting digits. */
export function dropEntry({ handset, happen }: Turn): void {
  if (handset.entry === undefined) return;
  handset.entry = undefined;
  handset.transferring = false;
  happen('cleared');
}

const HOW: Readonly<Partial<Record<Purpose, 'intercom' | 'pickup'>>> = {
  intercom: 'intercom',
  pickup: 'pickup',
};

/** DIAL, SEND or OK: the collected digits become a call, or the destination of a ringing call. */
export function dial(turn: Turn): void {
  const { handset } = turn;
  const { entry } = handset;
  if (entry === undefined || entry.digits === '') return;
  handset.entry = undefined;
  if (entry.purpose === 'forward') forward(turn, entry.digits);
  else callNumber(turn, entry.digits, HOW[entry.purpose], entry.line);
}

export function redial(turn: Turn): void {
  callAgain(turn, turn.handset.lastDialled);
}

/** Calls the last caller. The document only names the key; our choice. */
export function returnCall(turn: Turn): void {
  callAgain(turn, turn.handset.lastCaller);
}

function callAgain(turn: Turn, number: string | undefined): void {
  if (number !== undefined && turn.handset.calls.length < MOST_CALLS) callNumber(turn, number);
}

/** FORWARD or DYNAMIC_FORWARD while ringing: the following digits are the destination. */
export function startForward(turn: Turn): void {
  if (openEntry(turn, 'forward', false) !== undefined) turn.happen('digits', { detail: '' });
}

/** A call may be sent back to a phone that forwarded it before, but not to its own number. */
function forward(turn: Turn, number: string): void {
  const call = incomingCall(turn.handset);
  if (call !== undefined) forwardCall(turn, call, number, true);
}
