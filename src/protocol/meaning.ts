/** The state of one call of a phone. */
export type CallPhase = 'ringing' | 'calling' | 'talking' | 'held';

/** What a phone forwards by itself: every call, calls while it is busy, or calls that nobody answers. */
export type ForwardKind = 'always' | 'busy' | 'noAnswer';

/** Features that are switched on and off on a phone. */
export type Feature = 'dnd' | 'callWaiting' | 'muted';

/** A call is now in this phase, or over. */
export interface CallEffect {
  readonly call: CallPhase | 'over';
  /** If no id identifies the call, it is one in one of these phases; none for a new call. */
  readonly from: readonly CallPhase[];
  /** The remote party is the destination of the call, not the caller. */
  readonly remoteIsTarget?: true;
}

/** How an event changes the state of the phone that reports it. */
export type Effect =
  | CallEffect
  /** The phone has left the call it transferred; where no number tells, also the call to the transfer target. */
  | { readonly handedOver: true }
  | { readonly line: 'open' | 'closed' }
  | { readonly lamp: 'busy' | 'idle' }
  /** No call is left, and nothing known about its settings holds any more. */
  | { readonly started: true }
  | { readonly feature: Feature; readonly on: boolean }
  | { readonly forward: ForwardKind; readonly on: boolean }
  | { readonly registered: boolean }
  | { readonly nothing: true };

/**
 * What events mean, in words and as changes of state. The words of the vendor's table are all that is known; it is
 * assumed that hardware means the same, and always reports it.
 */
export const MEANINGS = {
  started: { words: 'it starts anew: it has no call, and nothing else is known', started: true },
  registered: { words: 'an account is registered', registered: true },
  unregistered: { words: 'an account is not registered', registered: false },
  offHook: { words: 'its line is open', line: 'open' },
  onHook: { words: 'its line is closed: every call is over but one that rings', line: 'closed' },
  busy: { words: 'it is in use', lamp: 'busy' },
  idle: { words: 'it is not in use: every call is over', lamp: 'idle' },
  rings: { words: 'a call rings', call: 'ringing', from: [] },
  calls: { words: 'it calls', call: 'calling', from: [] },
  answered: { words: 'a call that rang is up', call: 'talking', from: ['ringing'] },
  up: { words: 'a call is up', call: 'talking', from: ['ringing', 'calling'] },
  held: { words: 'a call is held', call: 'held', from: ['talking'] },
  resumed: { words: 'a held call is up again', call: 'talking', from: ['held'] },
  ended: { words: 'a call that was up is over', call: 'over', from: ['talking', 'held'] },
  rangOut: { words: 'a call rings no longer', call: 'over', from: ['ringing'] },
  sentOn: {
    words: 'a call rings elsewhere, no longer here',
    call: 'over',
    from: ['ringing'],
    remoteIsTarget: true,
  },
  calledInVain: { words: 'it calls no longer', call: 'over', from: ['calling'] },
  unanswered: { words: 'a call that nobody answered is over', call: 'over', from: ['ringing', 'calling'] },
  handedOver: {
    words: 'its call is over; where calls have no numbers, so is the one in which it asked',
    handedOver: true,
  },
  dndOn: { words: 'do-not-disturb is on', feature: 'dnd', on: true },
  dndOff: { words: 'do-not-disturb is off', feature: 'dnd', on: false },
  callWaitingOn: { words: 'call waiting is on', feature: 'callWaiting', on: true },
  callWaitingOff: { words: 'call waiting is off', feature: 'callWaiting', on: false },
  muted: { words: 'it is muted', feature: 'muted', on: true },
  unmuted: { words: 'it is not muted', feature: 'muted', on: false },
  forwardsAll: { words: 'every call is forwarded', forward: 'always', on: true },
  forwardsNotAll: { words: 'not every call is forwarded', forward: 'always', on: false },
  forwardsBusy: { words: 'calls are forwarded while it is busy', forward: 'busy', on: true },
  forwardsNotBusy: { words: 'calls are not forwarded while it is busy', forward: 'busy', on: false },
  forwardsUnanswered: { words: 'calls that nobody answers are forwarded', forward: 'noAnswer', on: true },
  forwardsNotUnanswered: { words: 'calls that nobody answers stay', forward: 'noAnswer', on: false },
  nothing: { words: 'nothing for the state', nothing: true },
} as const satisfies Readonly<Record<string, Effect & { readonly words: string }>>;

/** The name of a meaning, such as `rings`. */
export type Meaning = keyof typeof MEANINGS;

/** How a meaning changes the state. */
export function effectOf(meaning: Meaning): Effect {
  return MEANINGS[meaning];
}
