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

/** Longer than any number; what comes after is lost. Not documented; our choice. */
const MOST_DIGITS = 32;

const AUDIO_KEYS: Readonly<Partial<Record<PressName, readonly [Audio, EventName]>>> = {
  SPEAKER: ['speaker', 'handfree'],
  HEADSET: ['headset', 'headset'],
};

/** SPEAKER or HEADSET: where the sound goes. Other keys leave it. */
export function switchAudio({ handset, press, happen }: Turn): void {
  const key = AUDIO_KEYS[press.name];
  if (key === undefined) return;
  const [audio, event] = key;
  handset.audio = audio;
  happen(event);
}

/** Begins to collect digits. A call that is on goes on hold, unless it is the one to forward. */
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

/** SPEAKER, HEADSET, NEWCALL: an open line that waits for digits; those typed before stay. */
export function openLine(turn: Turn): void {
  openOn(turn, undefined);
}

/** @param line - the line key that was pressed for it */
export function openOn(turn: Turn, line: number | undefined): void {
  const { handset, happen } = turn;
  // The call that rings stays in focus, as with NEWCALL.
  if (incomingCall(handset) !== undefined) return;
  const entry = handset.entry ?? openEntry(turn, 'call', true);
  if (entry === undefined) return;
  handset.entry = { ...entry, offHook: true, line: line ?? entry.line ?? freeLine(handset) };
  switchAudio(turn);
  happen('lineOpened', { detail: String(lineInUse(handset)) });
}

/** INTERCOM, DIRECT_PICKUP: the digits that follow say whom to call so that they answer, or whose call to take. */
export function openFor(purpose: 'intercom' | 'pickup') {
  return (turn: Turn): void => {
    const entry = turn.handset.entry ?? openEntry(turn, purpose, true);
    if (entry === undefined || (entry.purpose !== 'call' && entry.purpose !== purpose)) return;
    turn.handset.entry = { ...entry, purpose, offHook: true };
    turn.happen('digits', { detail: entry.digits });
  };
}

/** Digits before DIAL; with the line closed this is the document's "pre-dial status". */
export function enterDigits(turn: Turn): void {
  const { handset, press, happen } = turn;
  const entry = handset.entry ?? openEntry(turn, 'call', false);
  if (entry === undefined) return;
  const digits = moreDigits(entry.digits, press);
  handset.entry = { ...entry, digits };
  happen('digits', { detail: digits });
}

/** A number and the digits of a key. */
export function moreDigits(number: string, { digits = '' }: Press): string {
  return (number + digits).slice(0, MOST_DIGITS);
}

/** UN_DIAL and whatever else leaves the collecting of digits. */
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

/** DIAL, SEND or OK: what was collected becomes a call, or the place a ringing call goes to. */
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

/** FORWARD or DYNAMIC_FORWARD while it rings: the digits that follow say where to. */
export function startForward(turn: Turn): void {
  if (openEntry(turn, 'forward', false) !== undefined) turn.happen('digits', { detail: '' });
}

/** A person may send a call back to a phone that forwarded it before, just not to their own. */
function forward(turn: Turn, number: string): void {
  const call = incomingCall(turn.handset);
  if (call !== undefined) forwardCall(turn, call, number, true);
}
