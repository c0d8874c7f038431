import type { EventName } from '../../protocol/events.ts';
import type { CallPhase, ForwardKind } from '../../protocol/meaning.ts';

/** What a phone is doing, according to its events. */
export type PhoneCallState = 'unknown' | 'idle' | 'dialling' | CallPhase | 'conference';

/** Every {@link PhoneCallState}, in the order in which people look for them. */
export const CALL_STATES = [
  'ringing',
  'calling',
  'talking',
  'conference',
  'held',
  'dialling',
  'idle',
  'unknown',
] as const satisfies readonly PhoneCallState[];

/** One call of a phone. Null is what no event told. */
export interface PhoneCall {
  /** `$call_id`, where the phone sends it; of one longer than 100 characters, its beginning and a digest. */
  readonly id: string | null;
  readonly state: CallPhase;
  /** The other side: the user part of its SIP address, mostly a number. */
  readonly peer: string | null;
  /** The name that the other side shows. */
  readonly display: string | null;
  readonly direction: 'incoming' | 'outgoing' | null;
  /** When the call entered this state, ISO 8601. */
  readonly since: string;
  /** When it was answered. */
  readonly answered: string | null;
}

/** So many calls that are over are kept: a late event comes soon, and nobody has more calls until then. */
export const MOST_OVER = 8;

/** A call that is over. */
export interface EndedCall extends Omit<PhoneCall, 'state' | 'since'> {
  readonly ended: string;
}

/** The state of a phone: what its events told, and nothing else. Null is what none of them told. */
export interface PhoneState {
  /** `unknown` until an event tells, so also for a phone that was not heard since the listener began. */
  readonly call: PhoneCallState;
  /** When that began. */
  readonly since: string | null;
  /** The newest first. */
  readonly calls: readonly PhoneCall[];
  readonly lastCall: EndedCall | null;
  readonly offHook: boolean | null;
  /** What the phone itself says of being in use (`idleToBusy`, `busyToIdle`), for phones that report that. */
  readonly busy: boolean | null;
  readonly dnd: boolean | null;
  readonly forwards: Readonly<Record<ForwardKind, boolean | null>>;
  readonly callWaiting: boolean | null;
  readonly muted: boolean | null;
  /** Whether every account that was told of is registered. */
  readonly registered: boolean | null;
  /** Each account that was told of, and whether it is registered; `""` where the phone does not say which. */
  readonly accounts: Readonly<Record<string, boolean>>;
  /** The latest event, which tells how old the evidence is. */
  readonly heard: { readonly event: EventName; readonly time: string } | null;
}

/** The state of a phone that never reported anything. */
export const UNHEARD: PhoneState = {
  call: 'unknown',
  since: null,
  calls: [],
  lastCall: null,
  offHook: null,
  busy: null,
  dnd: null,
  forwards: { always: null, busy: null, noAnswer: null },
  callWaiting: null,
  muted: null,
  registered: null,
  accounts: {},
  heard: null,
};

/**
 * What is still known of a phone after its events may have been lost: that it was in use, because to be wrong about that
 * does less harm than to end somebody's call.
 */
export function afterGap(state: PhoneState): PhoneState {
  const { call, since, calls, offHook, busy, heard } = state;
  if (isInUse(state) !== true) return { ...UNHEARD, heard };
  return { ...UNHEARD, call, since, calls, offHook: offHook || null, busy: busy || null, heard };
}

/**
 * What is still known of a phone after a request of its was refused: any feature may be on or off by now. Its calls are
 * kept, because their next event tells what they are.
 */
export function afterRefusal(state: PhoneState): PhoneState {
  const { dnd, forwards, callWaiting, muted } = UNHEARD;
  return { ...state, dnd, forwards, callWaiting, muted };
}

/** Whether a refusal would change a state: whether any feature is known to be on or off. */
export function knowsFeatures({ dnd, callWaiting, muted, forwards }: PhoneState): boolean {
  const { always, busy, noAnswer } = forwards;
  return [dnd, callWaiting, muted, always, busy, noAnswer].some((each) => each !== null);
}

/**
 * Whether a phone is in use; null where no event tells. A phone that reports that itself is believed: its calls can be
 * over, as far as they were told, and it still have one. It errs towards in use: a phone that is spared for nothing does
 * less harm than somebody's call that is ended.
 */
export function isInUse({ calls, offHook, busy }: PhoneState): boolean | null {
  if (calls.length > 0 || offHook === true || busy === true) return true;
  return offHook === false || busy === false ? false : null;
}
