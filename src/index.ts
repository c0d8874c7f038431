export {
  type AnyAtcomError,
  AtcomError,
  type ErrorCode,
  type ErrorDetails,
  type ErrorJson,
  isAtcomError,
} from './errors.ts';
export {
  type ConfirmOptions,
  type EventSource,
  type Exchange,
  type ExchangeRequest,
  Phone,
  type PhoneReport,
  type PressOptions,
  type ProvenReport,
  type ReportOf,
  type RequestReport,
  type SendOptions,
  setTransport,
  type Transport,
} from './phone/index.ts';
export { actionUrl, parseActionRequest } from './protocol/action-url.ts';
export { commandUrl, DEFAULT_PATH, type Endpoint } from './protocol/command-url.ts';
export type { Dialled, DialPlan } from './protocol/dial-plan.ts';
export { formatDuration, parseDuration } from './protocol/duration.ts';
export { EVENTS, type EventName, parseEvent } from './protocol/events.ts';
export { type KeySpelling, type KeyToken, keysOf, parseKey } from './protocol/keys.ts';
export { MODEL_NAMES, MODELS, type Model, parseModel } from './protocol/models.ts';
export { explainNumber, type NumberSettings } from './protocol/numbers.ts';
export { OUTCOMES, type Outcome } from './protocol/outcomes.ts';
export { type PlannedRequest, planRequests } from './protocol/plan.ts';
export type { ApprovalSettings } from './protocol/reply.ts';
export {
  formatSequence,
  parseSequence,
  type Sequence,
  type SequenceSettings,
  type SequenceStep,
  type Word,
} from './protocol/sequence.ts';
export type { PhoneSettings, TlsSettings } from './protocol/settings.ts';
export type { Variable } from './protocol/variables.ts';
export { VERB_EVENTS, type VerbProof } from './protocol/verb-events.ts';
export {
  type AnswerVia,
  answerCall,
  type DialVia,
  dialCall,
  VERBS,
  type VerbCall,
  type VerbForm,
  verbSequence,
} from './protocol/verbs.ts';
export {
  CALL_STATES,
  type EndedCall,
  type EventFilter,
  EventHub,
  isInUse,
  type PhoneCall,
  type PhoneCallState,
  type PhoneState,
  type Receiver,
  type ReceiverOptions,
  type ReportedEvent,
  type StateChange,
  startReceiver,
  type WaitOptions,
} from './receiver/index.ts';
