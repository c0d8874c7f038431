export type { ReportedEvent } from './event.ts';
export { EventHub, type WaitOptions } from './hub.ts';
export { type Attachment, attach } from './local-stream.ts';
export { type EventFilter, matcher, parseWhere } from './match.ts';
export { Phonebook } from './phonebook.ts';
export { type Expectation, type ProvenReport, probe, REBOOT, sendAndProve } from './prove.ts';
export { type QueueCounts, WorkQueue } from './queue.ts';
export { DEFAULT_PORT, type Receiver, type ReceiverOptions, startReceiver } from './server.ts';
