export {
  basic,
  type Challenge,
  type Credentials,
  digest,
  parseChallenges,
} from './authorization.ts';
export {
  type Exchange,
  type ExchangeRequest,
  exchange,
  isTlsError,
  TimeoutError,
} from './exchange.ts';
export type { Line, OpenLine } from './line.ts';
export { headerValues } from './wire.ts';
