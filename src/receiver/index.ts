export type { ReportedEvent } from '../protocol/reported-event.ts';
export { EventRecord, type Heard, type Watch } from './event-record.ts';
export { EventHub, type SubscriberError, type WaitOptions } from './hub.ts';
export { keepListening, type Listening, startListening } from './listening.ts';
export { attach } from './local-stream.ts';
export { type EventFilter, matcher, misspeltValue, parseWhere } from './match.ts';
export { Phonebook } from './phonebook.ts';
export { type QueueCounts, WorkQueue } from './queue.ts';
export { DEFAULT_PORT, type Receiver, type ReceiverOptions, startReceiver } from './server.ts';
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
