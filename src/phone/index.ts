export { exchange } from '../transport/exchange.ts';
export { Phone, type SendOptions } from './phone.ts';
export type { PhoneReport, ReportBase, RequestOutcome, RequestReport } from './report.ts';
export type { Transport } from './request.ts';
