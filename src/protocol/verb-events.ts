import type { EventName } from './events.ts';
import type { VerbForm } from './verbs.ts';

/** The events that prove that a verb worked. */
export interface VerbProof {
  /** Any one of these proves it. */
  readonly events: readonly EventName[];
  /** Then these must follow, in order. */
  readonly followedBy?: readonly EventName[];
  /** Any of these, before the proof or right after it, refutes it: the call was placed, but rejected at once. */
  readonly contrary?: readonly EventName[];
  /** Any of these right after the proof refutes it; before the proof, they can belong to an earlier call. */
  readonly endedBy?: readonly EventName[];
  /** The phone places the call, or takes one: that another one is up, which it had before or which came in, proves nothing. */
  readonly direction?: 'incoming' | 'outgoing';
  /** A call that may be another one proves nothing: what is pressed next would go there. */
  readonly certain?: boolean;
  /** Which call they must be of, where that is told: one that was not on hold before the keys, one that was, or one that rang. */
  readonly ofCall?: 'active' | 'held' | 'ringing';
  /** The state that the verb sets; a phone that is already in it may report nothing. */
  readonly state?: { readonly dnd: boolean };
  /** The phone restarts, so its web page going away and coming back is a proof, too. */
  readonly restarts?: true;
  /** Timeout in milliseconds from the phone's response; 5000 by default. */
  readonly within?: number;
}

const OVER = ['terminated', 'cancelCallOut', 'busyToIdle', 'onHook'] as const;
const PLACED = {
  events: ['outgoingCall'],
  direction: 'outgoing',
  contrary: ['remoteBusy'],
  endedBy: OVER,
} as const satisfies VerbProof;
const ANSWERED = {
  events: ['established'],
  direction: 'incoming',
  endedBy: OVER,
} as const satisfies VerbProof;

/**
 * The events that `--confirm` waits for. For the other verbs, the document lists no event.
 */
export const VERB_EVENTS = {
  dial: PLACED,
  'dial.line': PLACED,
  'dial.speaker': PLACED,
  'dial.headset': PLACED,
  redial: PLACED,
  'hold.dial': PLACED,
  'conference.number': PLACED,
  answer: ANSWERED,
  'answer.speaker': ANSWERED,
  'answer.headset': ANSWERED,
  'answer.softkey': ANSWERED,
  reject: { events: ['rejectIncomingCall'], ofCall: 'ringing' },
  // Hanging up before the call is answered cancels it.
  hangup: { events: ['terminated', 'cancelCallOut'], ofCall: 'active' },
  hold: { events: ['hold'], ofCall: 'active' },
  resume: { events: ['unHold'], ofCall: 'held' },
  // It is finished only when the PBX says so, which may be as late as the target's answer.
  transfer: {
    events: ['attendedTransfer', 'transferFinished'],
    contrary: ['transferFailed'],
    ofCall: 'active',
  },
  'transfer.blind': {
    events: ['blindTransfer', 'transferFinished'],
    contrary: ['transferFailed'],
    ofCall: 'active',
  },
  forward: { events: ['forwardIncomingCall'], ofCall: 'ringing' },
  // The same key mutes and unmutes.
  mute: { events: ['mute', 'unMute'], ofCall: 'active' },
  'dnd.on': { events: ['openDND'], state: { dnd: true } },
  'dnd.off': { events: ['closeDND'], state: { dnd: false } },
  reboot: { events: ['setupCompleted'], followedBy: ['registered'], restarts: true, within: 360_000 },
} as const satisfies Readonly<Partial<Record<VerbForm, VerbProof>>>;

/** The proof of a verb; undefined if no event proves it. */
export function verbProof(form: VerbForm): VerbProof | undefined {
  return (VERB_EVENTS as Readonly<Partial<Record<VerbForm, VerbProof>>>)[form];
}
