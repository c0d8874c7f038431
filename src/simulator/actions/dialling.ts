import type { EventName } from '../../protocol/events.ts';
import { callNumber, forwardCall, holdCalls } from '../calls.ts';
import type { Press, PressName } from '../press.ts';
import { type Audio, type Entry, incomingCall, MOST_CALLS, type Purpose, type Turn } from '../state.ts';

/** Longer than any number; what comes after is lost. Not documented; our choice. */
const MOST_DIGITS = 32;

const AUDIO_KEYS: Readonly<Partial<Record<PressName, readonly [Audio, EventName]>>> = {
  SPEAKER: ['speaker', 'handfree'],
  HEADSET: ['headset', 'headset'],
};

/** SPEAKER or HEADSET: where the sound goes. Other keys leave it. */
export function switchAudio({ phone, press, happen }: Turn): void {
  const key = AUDIO_KEYS[press.name];
  if (key === undefined) return;
  const [audio, event] = key;
  phone.audio = audio;
  happen(phone, event);
}

/** Begins to collect digits. A call that is on goes on hold, unless it is the one to forward. */
export function openEntry(turn: Turn, purpose: Purpose, offHook: boolean): Entry | undefined {
  const { phone } = turn;
  if (purpose !== 'forward') {
    if (phone.calls.length >= MOST_CALLS) return undefined;
    holdCalls(turn, phone, phone.calls);
  }
  phone.screen = undefined;
  phone.entry = { purpose, digits: '', offHook };
  return phone.entry;
}

/** SPEAKER, HEADSET, LINEKEY2, NEWCALL: an open line that waits for digits; those typed before stay. */
export function openLine(turn: Turn): void {
  const { phone, press, happen } = turn;
  if (phone.entry?.purpose === 'forward') return;
  const entry = phone.entry ?? openEntry(turn, 'call', true);
  if (entry === undefined) return;
  phone.entry = { ...entry, offHook: true };
  switchAudio(turn);
  if (press.name === 'LINEKEY' && press.number !== undefined) phone.line = press.number;
  happen(phone, 'lineOpened', { detail: String(phone.line) });
}

/** Digits before DIAL; with the line closed this is the document's "pre-dial status". */
export function enterDigits(turn: Turn): void {
  const { phone, press, happen } = turn;
  const entry = phone.entry ?? openEntry(turn, 'call', false);
  if (entry === undefined) return;
  const digits = moreDigits(entry.digits, press);
  phone.entry = { ...entry, digits };
  happen(phone, 'digits', { detail: digits });
}

/** A number and the digits of a key. */
export function moreDigits(number: string, { digits = '' }: Press): string {
  return (number + digits).slice(0, MOST_DIGITS);
}

/** UN_DIAL and whatever else leaves the collecting of digits. */
export function dropEntry({ phone, happen }: Turn): void {
  if (phone.entry === undefined) return;
  phone.entry = undefined;
  phone.transferring = false;
  happen(phone, 'cleared');
}

/** DIAL, SEND or OK: what was collected becomes a call, or the place a ringing call goes to. */
export function dial(turn: Turn): void {
  const { phone } = turn;
  const { entry } = phone;
  if (entry === undefined || entry.digits === '') return;
  phone.entry = undefined;
  if (entry.purpose === 'forward') forward(turn, entry.digits);
  else callNumber(turn, entry.digits);
}

export function redial(turn: Turn): void {
  callAgain(turn, turn.phone.lastDialled);
}

/** Calls the last caller. The document only names the key; our choice. */
export function returnCall(turn: Turn): void {
  callAgain(turn, turn.phone.lastCaller);
}

function callAgain(turn: Turn, number: string | undefined): void {
  if (number !== undefined && turn.phone.calls.length < MOST_CALLS) callNumber(turn, number);
}

/** FORWARD or DYNAMIC_FORWARD while it rings: the digits that follow say where to. */
export function startForward(turn: Turn): void {
  if (openEntry(turn, 'forward', false) !== undefined) turn.happen(turn.phone, 'digits', { detail: '' });
}

/** A person may send a call back to a phone that forwarded it before, just not to their own. */
function forward(turn: Turn, number: string): void {
  const call = incomingCall(turn.phone);
  if (call !== undefined) forwardCall(turn, call, number, [turn.phone]);
}
