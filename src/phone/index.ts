export { scarcityOf } from '../transport/handles.ts';
export { Phone, type PressOptions, type ReportOf } from './phone.ts';
export type { ConfirmOptions, EventSource } from './prove.ts';
export type {
  PhoneReport,
  Proof,
  ProvenReport,
  ReportBase,
  RequestOutcome,
  RequestReport,
} from './report.ts';
export type { SendOptions } from './send.ts';
export {
  type Exchange,
  type ExchangeRequest,
  sendRequest,
  setTransport,
  type Transport,
} from './transport.ts';
