/** What a call of a phone does. */
export type CallPhase = 'ringing' | 'calling' | 'talking' | 'held';

/** What a phone forwards of its own accord: every call, those that come while it is busy, those that nobody answers. */
export type ForwardKind = 'always' | 'busy' | 'noAnswer';

/** What is switched on and off on a phone. */
export type Feature = 'dnd' | 'callWaiting' | 'muted';

/** A call is in this phase now, or over. */
export interface CallEffect {
  readonly call: CallPhase | 'over';
  /** Where no id tells which call, it is one in one of these phases; none for a new one. */
  readonly from: readonly CallPhase[];
  /** The remote side is where the call went, not who called. */
  readonly remoteIsTarget?: true;
}

/** What changes in the state of the phone that reports an event. */
export type Effect =
  | CallEffect
  /** The phone is out of the call it handed over, and out of the one in which it asked. */
  | { readonly handedOver: true }
  | { readonly line: 'open' | 'closed' }
  | { readonly lamp: 'busy' | 'idle' }
  /** No call is left, and nothing that was known of its settings holds. */
  | { readonly started: true }
  | { readonly feature: Feature; readonly on: boolean }
  | { readonly forward: ForwardKind; readonly on: boolean }
  | { readonly registered: boolean }
  | { readonly nothing: true };

/**
 * What events mean, in words and as what changes. The words of the vendor's table are all that is known; that hardware
 * means the same, and reports it always, is assumed.
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
  handedOver: { words: 'its call, and the one in which it asked, are over', handedOver: true },
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

/** What a meaning changes. */
export function effectOf(meaning: Meaning): Effect {
  return MEANINGS[meaning];
}
