import type { EventName } from './events.ts';
import type { VerbForm } from './verbs.ts';

/** The events that prove that a verb worked. */
export interface VerbProof {
  /** Any one of these proves it. */
  readonly events: readonly EventName[];
  /** Then these must follow, in order. */
  readonly followedBy?: readonly EventName[];
  /** Any of these right after the proof contradicts it: the call was placed, and rejected at once. */
  readonly contrary?: readonly EventName[];
}

const PLACED = { events: ['outgoingCall'], contrary: ['remoteBusy'] } as const satisfies VerbProof;

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
  answer: { events: ['established'] },
  'answer.speaker': { events: ['established'] },
  'answer.headset': { events: ['established'] },
  'answer.softkey': { events: ['established'] },
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
  'dnd.on': { events: ['openDND'] },
  'dnd.off': { events: ['closeDND'] },
  reboot: { events: ['setupCompleted'], followedBy: ['registered'] },
} as const satisfies Readonly<Partial<Record<VerbForm, VerbProof>>>;

/** The proof of a verb; undefined if no event proves it. */
export function verbProof(form: VerbForm): VerbProof | undefined {
  return (VERB_EVENTS as Readonly<Partial<Record<VerbForm, VerbProof>>>)[form];
}
