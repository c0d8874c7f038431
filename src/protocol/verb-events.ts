import type { EventName } from './events.ts';
import type { VerbForm } from './verbs.ts';

/** Which events prove that a verb worked. */
export interface VerbProof {
  /** Any of these is the proof. */
  readonly events: readonly EventName[];
  /** After it, these in order. */
  readonly followedBy?: readonly EventName[];
  /** Right after the proof, any of these takes it back: the call was placed, and rejected at once. */
  readonly contrary?: readonly EventName[];
}

const PLACED = { events: ['outgoingCall'], contrary: ['remoteBusy'] } as const satisfies VerbProof;

/**
 * The natural event of each verb, for `--confirm`. Verbs that are missing here have none: the document lists no event
 * for them.
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
  // Ending a call that nobody has answered yet is a cancelled one.
  hangup: { events: ['terminated', 'cancelCallOut'] },
  hold: { events: ['hold'] },
  resume: { events: ['unHold'] },
  // Finished it is only when the PBX says so, which may be as late as the answer of the target.
  transfer: { events: ['attendedTransfer', 'transferFinished'], contrary: ['transferFailed'] },
  'transfer.blind': { events: ['blindTransfer', 'transferFinished'], contrary: ['transferFailed'] },
  forward: { events: ['forwardIncomingCall'] },
  // One key for both.
  mute: { events: ['mute', 'unMute'] },
  'dnd.on': { events: ['openDND'] },
  'dnd.off': { events: ['closeDND'] },
  reboot: { events: ['setupCompleted'], followedBy: ['registered'] },
} as const satisfies Readonly<Partial<Record<VerbForm, VerbProof>>>;

/** The proof of a verb; undefined where no event tells. */
export function verbProof(form: VerbForm): VerbProof | undefined {
  return (VERB_EVENTS as Readonly<Partial<Record<VerbForm, VerbProof>>>)[form];
}
