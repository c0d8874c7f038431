// The only module that imports sip.js. sip.js has no UDP, so what RFC 3261 requires for it is done here and in udp.ts.
import { Timers } from 'sip.js/lib/core/timers.js';
import {
  InviteClientTransaction,
  InviteServerTransaction,
  NonInviteClientTransaction,
  NonInviteServerTransaction,
} from 'sip.js/lib/core/transactions/index.js';

// How long transactions absorb retransmissions (RFC 3261, 17); sip.js uses 0, as for reliable transports.
Object.assign(Timers, { TIMER_D: 32_000, TIMER_I: 5_000, TIMER_J: 32_000, TIMER_K: 5_000 });

// A transaction remembers its responses for up to 32 s; that must not keep the process alive after a phone is closed.
for (const { prototype } of [
  InviteClientTransaction,
  InviteServerTransaction,
  NonInviteClientTransaction,
  NonInviteServerTransaction,
]) {
  const machine = prototype as unknown as { stateTransition(...words: unknown[]): void };
  const { stateTransition } = machine;
  machine.stateTransition = function (...words) {
    stateTransition.apply(this, words);
    for (const value of Object.values<unknown>(this)) if (isTimer(value)) value.unref();
  };
}

function isTimer(value: unknown): value is NodeJS.Timeout {
  return typeof value === 'object' && value !== null && 'hasRef' in value && 'unref' in value;
}

export {
  EmitterImpl,
  type Invitation,
  Inviter,
  type Referral,
  type Session,
  SessionState,
  SIPExtension,
  type Transport,
  TransportState,
  type URI,
  UserAgent,
} from 'sip.js';
export type { IncomingResponseMessage, OutgoingRequestMessage } from 'sip.js/lib/core/index.js';
