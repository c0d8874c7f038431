export { Phone, type SendOptions } from './phone.ts';
export type { PhoneReport, RequestReport } from './report.ts';
export type { Transport } from './request.ts';
