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
  TimeoutError,
} from './exchange.ts';
export type { Line, OpenLine } from './line.ts';
export { distrust, handshake, isTlsError, tlsReason, unpinnable } from './trust.ts';
export { headerValues } from './wire.ts';
