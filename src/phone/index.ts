export { challengesIn } from '../transport/authorization.ts';
export { isUtf8 } from '../transport/exchange.ts';
export { scarcityOf } from '../transport/handles.ts';
export { type AuthorizedExchange, credentialsOf, exchangeAuthorized, secretHider } from './authorized.ts';
export { type EventSource, settledUnless, UNSETTLED } from './await-events.ts';
export { type Hide, hiderOf } from './echo.ts';
export { failureOf } from './failure.ts';
export { inTurn } from './in-turn.ts';
export { Phone, type PressOptions, type ReportOf } from './phone.ts';
export { type ConfirmOptions, expectationOf } from './prove.ts';
export type {
  PhoneReport,
  Proof,
  ProvenReport,
  ReportBase,
  RequestOutcome,
  RequestReport,
} from './report.ts';
export { isSecret, withoutQuerySecrets } from './secret-names.ts';
export { causeOf, type SendOptions } from './send.ts';
export {
  type Exchange,
  type ExchangeRequest,
  sendRequest,
  setTransport,
  type Transport,
} from './transport.ts';
