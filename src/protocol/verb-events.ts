import type { EventName } from './events.ts';
import type { VerbForm } from './verbs.ts';

/** The events that prove that a verb worked. */
export interface VerbProof {
  /** Any one of these proves it. */
  readonly events: readonly EventName[];
  /** Then these must follow, in order. */
  readonly followedBy?: readonly EventName[];
  /** Any of these, before the proof or right after it, takes it back: the call was placed, and rejected at once. */
  readonly contrary?: readonly EventName[];
  /** Any of these right after the proof takes it back; before it they can be of an earlier call. */
  readonly endedBy?: readonly EventName[];
  /** The state that the verb brings about; a phone that is so already may report nothing. */
  readonly state?: { readonly dnd: boolean };
  /** The phone restarts: that its web page goes away and comes back proves it, too. */
  readonly restarts?: true;
  /** Milliseconds from the answer of the phone; 5000 where nothing is said. */
  readonly within?: number;
}

const OVER = ['terminated', 'cancelCallOut', 'busyToIdle'] as const;
const PLACED = {
  events: ['outgoingCall'],
  contrary: ['remoteBusy'],
  endedBy: OVER,
} as const satisfies VerbProof;
const ANSWERED = { events: ['established'], endedBy: OVER } as const satisfies VerbProof;

/**
 * The events that `--confirm` waits for. For the missing verbs, the document lists no event.
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
  reject: { events: ['rejectIncomingCall'] },
  // Hanging up before anybody answered cancels the call.
  hangup: { events: ['terminated', 'cancelCallOut'] },
  hold: { events: ['hold'] },
  resume: { events: ['unHold'] },
  // Finished it is only when the PBX says so, which may be as late as the answer of the target.
  transfer: { events: ['attendedTransfer', 'transferFinished'], contrary: ['transferFailed'] },
  'transfer.blind': { events: ['blindTransfer', 'transferFinished'], contrary: ['transferFailed'] },
  forward: { events: ['forwardIncomingCall'] },
  // The same key does both.
  mute: { events: ['mute', 'unMute'] },
  'dnd.on': { events: ['openDND'], state: { dnd: true } },
  'dnd.off': { events: ['closeDND'], state: { dnd: false } },
  reboot: { events: ['setupCompleted'], followedBy: ['registered'], restarts: true, within: 360_000 },
} as const satisfies Readonly<Partial<Record<VerbForm, VerbProof>>>;

/** The proof of a verb; undefined if no event proves it. */
export function verbProof(form: VerbForm): VerbProof | undefined {
  return (VERB_EVENTS as Readonly<Partial<Record<VerbForm, VerbProof>>>)[form];
}
