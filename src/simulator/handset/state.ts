import type { EventName } from '../../protocol/events.ts';
import { MODELS, type Model } from '../../protocol/models.ts';
import type { Leg, PhoneLine } from '../line.ts';
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

/** One call as this phone has it. */
export interface Call {
  readonly leg: Leg;
  readonly incoming: boolean;
  /** The line key it is on. */
  readonly line: number;
  /** The number that it is for: on the phone that rings, its own. */
  readonly called: string;
  /** It was answered, as far as this phone has a say in it. */
  answered: boolean;
  /** Both sides talk, which was reported. */
  established: boolean;
  held: boolean;
  heldByRemote: boolean;
  /** The number that this phone has asked its other side to call; it waits for what comes of it. */
  referring: string | undefined;
  /** The call whose other side asked for this one. It is kept aside until this one comes about, or does not. */
  instead: Call | undefined;
}

/** What collected digits are for. */
export type Purpose = 'call' | 'forward' | 'transfer' | 'conference' | 'intercom' | 'pickup';

/** Digits on their way to a call, before DIAL or SEND. */
export interface Entry {
  readonly purpose: Purpose;
  readonly digits: string;
  /** False in the pre-dial status: digits typed with the line still closed. */
  readonly offHook: boolean;
  /** The line key that was pressed for it. */
  readonly line?: number | undefined;
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
  screen: Screen | undefined;
  /** A line for the person, gone with the next key. */
  notice: string;
  /** Tones sent in the present calls. */
  dtmf: string;
  /** Tones heard in the present calls. */
  heard: string;
  /** Why calls can neither come nor go; empty when they can. */
  noService: string;
  /** It has been switched off and on, and has not logged off yet. */
  restarting: boolean;
  lastDialled: string | undefined;
  lastCaller: string | undefined;
}

/** What changes a handset works with, be it a key or a signal of its line. */
export interface Moment {
  readonly handset: Handset;
  readonly line: PhoneLine;
  readonly happen: (kind: Happening['kind'], facts?: HappeningFacts) => void;
  /** The line was asked for something, and will tell what comes of it. */
  readonly asked: () => void;
}

/** One key on a handset: what an action works with. */
export interface Turn extends Moment {
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

/** The row of the table that a handset is in. */
export function stateOf(handset: Handset): CallState {
  const [focus] = handset.calls;
  if (handset.transferring) return 'transfer';
  if (handset.entry !== undefined) return 'dialling';
  if (focus === undefined) return 'idle';
  if (!focus.answered) return focus.incoming ? 'ringing' : 'calling';
  if (focus.held) return 'held';
  return handset.conference ? 'conference' : 'talking';
}

/** The call that rings here; the handset may be in another call, or be collecting digits to forward this one. */
export function incomingCall({ calls }: Handset): Call | undefined {
  const [focus] = calls;
  return focus?.answered === false && focus.incoming ? focus : undefined;
}

/**
 * Whether a call can ring here: on an idle phone, and with call waiting beside the only call of a phone that is not
 * dialling. The document names call waiting and says no more of it; our choice.
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
 * Whether the phone is busy, as `idleToBusy` means it: the line is open, or it rings. Digits typed with the line
 * still closed are not: the capture of a call reports the hook first.
 */
export function busy(handset: Handset): boolean {
  return handset.calls.length > 0 || offHook(handset);
}

/** The line key that a new call gets: the first without one. A phone with a single line has both its calls on it. */
export function freeLine({ calls, model }: Handset): number {
  const taken = calls.map(({ line }) => line);
  const lines = Array.from({ length: MODELS[model].lineKeys }, (_, index) => index + 1);
  return lines.find((line) => !taken.includes(line)) ?? 1;
}

/** The line key that the display is about. */
export function lineInUse({ entry, calls }: Handset): number {
  return entry?.line ?? calls[0]?.line ?? 1;
}
