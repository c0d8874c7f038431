import type { EventName } from '../../protocol/events.ts';
import { MODELS, type Model } from '../../protocol/models.ts';
import type { Leg, PhoneLine } from '../line.ts';
import type { Happening, HappeningFacts } from './happenings.ts';
import type { Press } from './press.ts';

/** The state of a phone's calls: the rows of the table of keys. */
export type CallState =
  | 'idle'
  | 'dialling'
  | 'calling'
  | 'ringing'
  | 'talking'
  | 'held'
  | 'transfer'
  | 'conference';

/** One call from this phone's point of view. */
export interface Call {
  readonly leg: Leg;
  readonly incoming: boolean;
  /** Its line key. */
  readonly line: number;
  /** The called number; on the ringing phone, its own. */
  readonly called: string;
  /** It was answered, as far as this phone knows. */
  answered: boolean;
  /** Both parties talk, and this was reported. */
  established: boolean;
  held: boolean;
  heldByRemote: boolean;
  /** The number that this phone has asked the other party to call, while the result is open. */
  referring: string | undefined;
  /** The call whose other party asked for this one. It is kept until this call is established or fails. */
  instead: Call | undefined;
}

/** What the collected digits are for. */
export type Purpose = 'call' | 'forward' | 'transfer' | 'conference' | 'intercom' | 'pickup';

/** Digits collected before DIAL or SEND. */
export interface Entry {
  readonly purpose: Purpose;
  readonly digits: string;
  /** False in the pre-dial status, when digits are typed while the line is still closed. */
  readonly offHook: boolean;
  /** The line key that opened it. */
  readonly line?: number | undefined;
}

/** A menu or list on the display. */
export interface Screen {
  readonly title: string;
  readonly row: number;
  /** Digits were typed on this row: further digits are appended, while the first ones replace the old number. */
  readonly typed: boolean;
}

export type Audio = 'handset' | 'speaker' | 'headset';

/** The kinds of forwarding, in the order of the phone's menu, with the events they report. */
export const FORWARDS = [
  { forward: 'always', on: 'openAlwaysForward', off: 'closeAlwaysForward' },
  { forward: 'busy', on: 'openBusyForward', off: 'closeBusyForward' },
  { forward: 'noAnswer', on: 'openNoAnswerForward', off: 'closeNoAnswerForward' },
] as const satisfies readonly { forward: string; on: EventName; off: EventName }[];

/** The menu that STATIC_FORWARD opens. */
export const FORWARD_TITLE = 'Call forward';

/** The menu that MENU opens; its first row is call waiting. Its layout is not documented; our choice. */
export const MENU_TITLE = 'Menu';

export type Forward = (typeof FORWARDS)[number]['forward'];

/**
 * The state of a handset. The call in focus comes first: the ringing one, if any. Of two calls the other is held,
 * except in a conference or while the first rings.
 */
export interface Handset {
  readonly extension: string;
  readonly model: Model;
  calls: readonly Call[];
  entry: Entry | undefined;
  transferring: boolean;
  conference: boolean;
  dnd: boolean;
  /** The active kinds of forwarding. */
  forwards: readonly Forward[];
  /** Their numbers, including those of inactive kinds. Without a number, calls ring as if forwarding were off. */
  forwardTo: Readonly<Partial<Record<Forward, string>>>;
  /** A second call may ring during a call. */
  callWaiting: boolean;
  muted: boolean;
  volume: number;
  audio: Audio;
  screen: Screen | undefined;
  /** A message on the display, which the next key clears. */
  notice: string;
  /** DTMF digits sent in the current calls. */
  dtmf: string;
  /** DTMF digits received in the current calls. */
  heard: string;
  /** Why calls are impossible; empty if they are possible. */
  noService: string;
  /** It has been restarted, but has not unregistered yet. */
  restarting: boolean;
  lastDialled: string | undefined;
  lastCaller: string | undefined;
}

/** What changes a handset works with, whether a key or a signal of its line causes them. */
export interface Moment {
  readonly handset: Handset;
  readonly line: PhoneLine;
  readonly happen: (kind: Happening['kind'], facts?: HappeningFacts) => void;
  /** The line was asked for something, and will signal the result. */
  readonly asked: () => void;
}

/** What an action of a key works with. */
export interface Turn extends Moment {
  readonly press: Press;
}

/** The document speaks of switching between "two calls"; that this is the maximum is our choice. */
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
    screen: undefined,
    notice: '',
    dtmf: '',
    heard: '',
    noService: '',
    restarting: false,
    lastDialled: undefined,
    lastCaller: undefined,
  };
}

/** The row of the table for a handset. */
export function stateOf(handset: Handset): CallState {
  const [focus] = handset.calls;
  if (handset.transferring) return 'transfer';
  if (handset.entry !== undefined) return 'dialling';
  if (focus === undefined) return 'idle';
  if (!focus.answered) return focus.incoming ? 'ringing' : 'calling';
  if (focus.held) return 'held';
  return handset.conference ? 'conference' : 'talking';
}

/** The ringing call. The handset may also be in another call, or collecting digits to forward this one. */
export function incomingCall({ calls }: Handset): Call | undefined {
  const [focus] = calls;
  return focus?.answered === false && focus.incoming ? focus : undefined;
}

/**
 * Whether another call can ring: on an idle phone and, with call waiting, during the only call of a phone that is not
 * dialling. The document names call waiting and says no more about it; our choice.
 */
export function available(handset: Handset): boolean {
  if (handset.dnd) return false;
  const state = stateOf(handset);
  if (state === 'idle') return true;
  const inCall = state === 'talking' || state === 'held';
  return handset.callWaiting && inCall && handset.calls.length < MOST_CALLS;
}

/** Whether the line is open: dialling hands-free or on a line key, calling out, or in a call. */
export function offHook({ entry, calls }: Handset): boolean {
  return entry?.offHook === true || calls.some(({ answered, incoming }) => answered || !incoming);
}

/**
 * Whether the phone is busy, as `idleToBusy` means it: the line is open, or the phone is ringing. Digits typed while
 * the line is closed do not count: the capture of a call reports the hook first.
 */
export function busy(handset: Handset): boolean {
  return handset.calls.length > 0 || offHook(handset);
}

/** The line key for a new call: the first one without a call. A phone with a single line has both its calls on it. */
export function freeLine({ calls, model }: Handset): number {
  const taken = calls.map(({ line }) => line);
  const lines = Array.from({ length: MODELS[model].lineKeys }, (_, index) => index + 1);
  return lines.find((line) => !taken.includes(line)) ?? 1;
}

/** The line key that the display refers to. */
export function lineInUse({ entry, calls }: Handset): number {
  return entry?.line ?? calls[0]?.line ?? 1;
}
