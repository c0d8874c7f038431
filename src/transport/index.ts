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
  type OpenClient,
  TimeoutError,
} from './exchange.ts';
export { headerValues } from './wire.ts';
