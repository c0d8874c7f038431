// The only place that imports sip.js. It knows no datagrams, so what RFC 3261 wants of them is set here and in udp.ts.
import { Timers } from 'sip.js/lib/core/timers.js';

// How long transactions take in what is sent twice (RFC 3261, 17); sip.js has 0, as for reliable transports.
Object.assign(Timers, { TIMER_D: 32_000, TIMER_I: 5_000, TIMER_J: 32_000, TIMER_K: 5_000 });

export {
  EmitterImpl,
  type Invitation,
  Inviter,
  type Referral,
  Registerer,
  type Session,
  SessionState,
  SIPExtension,
  type Transport,
  TransportState,
  type URI,
  UserAgent,
} from 'sip.js';
