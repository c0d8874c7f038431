export type { ReportedEvent } from '../protocol/reported-event.ts';
export { includes, isAny } from './bound-address.ts';
export { claimedAddress } from './claimed-address.ts';
export { EventRecord, type Heard, type Watch } from './event-record.ts';
export { EventHub, type SubscriberError, type WaitOptions } from './hub.ts';
export { type Listening, type ListeningOptions, startListening } from './listening.ts';
export {
  type EventFilter,
  LONGEST_PATTERN,
  literal,
  matcher,
  misspeltValue,
  parseWhere,
  untoldValue,
} from './match.ts';
export { DEFAULT_PORT, type ReceiverOptions } from './options.ts';
export { Phonebook } from './phonebook.ts';
export { type QueueCounts, WorkQueue } from './queue.ts';
export {
  isOfPhone,
  type RefusalReason,
  type RefusedRequest,
  refusalAdvice,
  refusalKey,
  refusalText,
} from './refusal.ts';
export { findRunning, runsAt } from './running.ts';
export { listenersIn, openSameUser, type SameUser } from './same-user.ts';
export { type Receiver, startReceiver } from './server.ts';
export { isShared } from './shared.ts';
export type { Sighting } from './sightings.ts';
export { isLoopbackAddress, newSources } from './source.ts';
export { againText, Sparingly } from './sparingly.ts';
export type { HeardPhone } from './states/kept-phones.ts';
export { nextState, stateAfter } from './states/next.ts';
export type { StateChange } from './states/phone-states.ts';
export {
  afterGap,
  CALL_STATES,
  type EndedCall,
  isInUse,
  type PhoneCall,
  type PhoneCallState,
  type PhoneState,
  UNHEARD,
} from './states/state.ts';
export { stateText } from './states/state-text.ts';
export { isUnanswered } from './unanswered.ts';
