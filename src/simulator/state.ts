import type { EventName } from '../protocol/events.ts';
import type { Model } from '../protocol/models.ts';
import type { Happening, HappeningFacts } from './happenings.ts';
import type { Press } from './press.ts';

/** What a phone does, as far as calls go: the rows of the table of keys. */
export type CallState =
  | 'idle'
  | 'dialling'
  | 'calling'
  | 'ringing'
  | 'talking'
  | 'held'
  | 'transfer'
  | 'conference';

/** One call, shared by its two ends, so that they cannot disagree about it. */
export interface Call {
  readonly id: string;
  readonly caller: Handset;
  readonly callee: Handset;
  answered: boolean;
  readonly heldBy: Set<Handset>;
  /** The phones that have forwarded it; it does not come to them again. */
  readonly via: readonly Handset[];
}

/** What collected digits are for. */
export type Purpose = 'call' | 'forward' | 'transfer' | 'conference';

/** Digits on their way to a call, before DIAL or SEND. */
export interface Entry {
  readonly purpose: Purpose;
  readonly digits: string;
  /** False in the pre-dial status: digits typed with the line still closed. */
  readonly offHook: boolean;
}

/** A menu or list on the display. */
export interface Screen {
  readonly title: string;
  readonly row: number;
  /** Digits were typed on this row: more are added, while the first ones take the place of what stood there. */
  readonly typed: boolean;
}

export type Audio = 'handset' | 'speaker' | 'headset';

/** What a phone can forward of its own accord, in the order of its menu, and what it reports of it. */
export const FORWARDS = [
  { forward: 'always', on: 'openAlwaysForward', off: 'closeAlwaysForward' },
  { forward: 'busy', on: 'openBusyForward', off: 'closeBusyForward' },
  { forward: 'noAnswer', on: 'openNoAnswerForward', off: 'closeNoAnswerForward' },
] as const satisfies readonly { forward: string; on: EventName; off: EventName }[];

/** The menu that STATIC_FORWARD opens. */
export const FORWARD_TITLE = 'Call forward';

/** The menu that MENU opens; its first row is call waiting. How it looks is not documented; our choice. */
export const MENU_TITLE = 'Menu';

export type Forward = (typeof FORWARDS)[number]['forward'];

/**
 * What stands on the desk. The call in focus comes first, and that is the one that rings, if one does; of two calls the
 * other is held, save in a conference and while the first rings.
 */
export interface Handset {
  readonly extension: string;
  readonly model: Model;
  calls: readonly Call[];
  entry: Entry | undefined;
  transferring: boolean;
  conference: boolean;
  dnd: boolean;
  /** The kinds of forwarding that are on. */
  forwards: readonly Forward[];
  /** Where to, also of those that are off; without a number calls ring as if it were off. */
  forwardTo: Readonly<Partial<Record<Forward, string>>>;
  /** A second call may ring in a call. */
  callWaiting: boolean;
  muted: boolean;
  volume: number;
  audio: Audio;
  line: number;
  screen: Screen | undefined;
  /** A line for the person, gone with the next key. */
  notice: string;
  dtmf: string;
  lastDialled: string | undefined;
  lastCaller: string | undefined;
}

/** What changes calls works with, be it a key or the time. */
export interface Moment {
  readonly phones: ReadonlyMap<string, Handset>;
  readonly newCallId: () => string;
  readonly happen: (phone: Handset, kind: Happening['kind'], facts?: HappeningFacts) => void;
}

/** One key on one phone: what an action works with. */
export interface Turn extends Moment {
  readonly phone: Handset;
  readonly press: Press;
}

/** The document speaks of switching between "two calls"; that there are never more is our choice. */
export const MOST_CALLS = 2;

/** Not documented; our choice. */
export const LOUDEST = 10;

/** A phone that has just started. */
export function newHandset(extension: string, model: Model): Handset {
  return {
    extension,
    model,
    calls: [],
    entry: undefined,
    transferring: false,
    conference: false,
    dnd: false,
    forwards: [],
    forwardTo: {},
    callWaiting: false,
    muted: false,
    volume: 5,
    audio: 'handset',
    line: 1,
    screen: undefined,
    notice: '',
    dtmf: '',
    lastDialled: undefined,
    lastCaller: undefined,
  };
}

/** The row of the table that a phone is in. */
export function stateOf(phone: Handset): CallState {
  const [focus] = phone.calls;
  if (phone.transferring) return 'transfer';
  if (phone.entry !== undefined) return 'dialling';
  if (focus === undefined) return 'idle';
  if (!focus.answered) return focus.callee === phone ? 'ringing' : 'calling';
  if (focus.heldBy.has(phone)) return 'held';
  return phone.conference ? 'conference' : 'talking';
}

/** The call that rings at this phone; it may be in another call, or be collecting digits to forward this one. */
export function incomingCall(phone: Handset): Call | undefined {
  const [focus] = phone.calls;
  return focus?.answered === false && focus.callee === phone ? focus : undefined;
}

/**
 * Whether a call can ring here: on an idle phone, and with call waiting beside the only call of a phone that is not
 * dialling. The document names call waiting and says no more of it; our choice.
 */
export function available(phone: Handset): boolean {
  if (phone.dnd) return false;
  const state = stateOf(phone);
  if (state === 'idle') return true;
  const inCall = state === 'talking' || state === 'held';
  return phone.callWaiting && inCall && phone.calls.length < MOST_CALLS;
}

/** Whether the line is open: dialling hands-free or on a line key, calling out, or in a call. */
export function offHook(phone: Handset): boolean {
  return phone.entry?.offHook === true || phone.calls.some((call) => call.answered || call.caller === phone);
}

/**
 * Whether the phone is busy, as `idleToBusy` means it: the line is open, or it rings. Digits typed with the line
 * still closed are not: the capture of a call reports the hook first.
 */
export function busy(phone: Handset): boolean {
  return phone.calls.length > 0 || offHook(phone);
}

/** The other end of a call. */
export function otherEnd(call: Call, phone: Handset): Handset {
  return call.caller === phone ? call.callee : call.caller;
}
