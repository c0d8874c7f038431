export type { ReportedEvent } from '../protocol/reported-event.ts';
export { claimedAddress } from './claimed-address.ts';
export { findRunning } from './event-feed.ts';
export { EventRecord, type Heard, type Watch } from './event-record.ts';
export { EventHub, type SubscriberError, type WaitOptions } from './hub.ts';
export { type Listening, type ListeningOptions, startListening } from './listening.ts';
export { type EventFilter, matcher, misspeltValue, parseWhere } from './match.ts';
export { DEFAULT_PORT, type ReceiverOptions } from './options.ts';
export { Phonebook } from './phonebook.ts';
export { type QueueCounts, WorkQueue } from './queue.ts';
export {
  type RefusalReason,
  type RefusedRequest,
  refusalAdvice,
  refusalKey,
  refusalText,
} from './refusal.ts';
export { openSameUser, type SameUser } from './same-user.ts';
export { type Receiver, startReceiver } from './server.ts';
export { isShared, sharedNameOf } from './shared.ts';
export type { Sighting } from './sightings.ts';
export { isLoopbackAddress } from './source.ts';
export { againText, Sparingly } from './sparingly.ts';
export { nextState, stateAfter } from './states/next.ts';
export type { HeardPhone, StateChange } from './states/phone-states.ts';
export {
  CALL_STATES,
  type EndedCall,
  isInUse,
  type PhoneCall,
  type PhoneCallState,
  type PhoneState,
  UNHEARD,
} from './states/state.ts';
