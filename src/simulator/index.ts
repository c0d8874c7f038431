export type { EventName } from '../protocol/events.ts';
export type { PromptReply } from './handler.ts';
export type { Happening, Observation } from './handset/happenings.ts';
export type { Audio, CallState, Forward } from './handset/state.ts';
export type { LogEntry } from './log.ts';
export type { ReportCounts } from './reporter.ts';
export {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
  type VirtualPhone,
} from './simulator.ts';
export type { SipAccount } from './sip/account.ts';
export type { LegAudio } from './sip/legs.ts';
export type { HeardTone, Sound } from './sip/media/tone.ts';
export type { WireLine } from './sip/message.ts';
export type { CallSnapshot, PhoneSnapshot } from './snapshot.ts';
export type { WebOptions } from './web-pages/cgi.ts';
export { WEB_VARIANT_NAMES, WEB_VARIANTS, type WebVariant } from './web-pages/variants.ts';
