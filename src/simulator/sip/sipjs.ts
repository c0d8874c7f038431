// The only module that imports sip.js. sip.js has no UDP, so what RFC 3261 requires for it is done here and in udp.ts.
import { emitWarning } from 'node:process';
import { Grammar, Invitation, SessionState } from 'sip.js';
import {
  getBody,
  type IncomingRequestMessage,
  type IncomingResponseMessage,
  OutgoingRequestMessage,
  SessionDialog,
  UserAgentCore,
} from 'sip.js/lib/core/index.js';
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
// Nobody else catches what its timers throw, and a stranger may cause it; that must not end the process.
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
  const timers = prototype as unknown as Record<string, () => void>;
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const timer = /^timer[A-Z]$/.test(name) ? timers[name] : undefined;
    if (timer !== undefined) timers[name] = harmless(timer);
  }
}

// A call has one place for the timers that repeat its answers. sip.js would lose the first where a re-INVITE comes before
// the acknowledgement, and go on for ever. Whoever asks again has heard the answer.
const repeating = new WeakMap<object, NodeJS.Timeout>();
Object.defineProperty(SessionDialog.prototype, 'invite2xxTimer', {
  get() {
    return repeating.get(this);
  },
  set(timer: NodeJS.Timeout | undefined) {
    clearTimeout(repeating.get(this));
    if (timer === undefined) repeating.delete(this);
    else repeating.set(this, timer.unref());
  },
});

// sip.js waits for ever for the end of a re-INVITE that is sent elsewhere (302), which is a refusal.
const { invite } = SessionDialog.prototype;
SessionDialog.prototype.invite = function ({ onReject, ...delegate } = {}, options) {
  const redirected = onReject === undefined ? {} : { onReject, onRedirect: onReject };
  return invite.call(this, { ...delegate, ...redirected }, options);
};

/** A timer whose errors are told as warnings of Node. */
function harmless(timer: () => void): () => void {
  return function (this: unknown) {
    try {
      timer.call(this);
    } catch (error) {
      emitWarning(error as Error);
    }
  };
}

// A call that is over must not end again because its answer was never acknowledged.
const invitation = Invitation.prototype as unknown as { state: SessionState; onAckTimeout(): void };
const { onAckTimeout } = invitation;
invitation.onAckTimeout = function () {
  if (this.state !== SessionState.Terminated) onAckTimeout.call(this);
};

type Incoming = IncomingRequestMessage | IncomingResponseMessage;

// sip.js throws at a body without a kind that it can read, and keeps half a call that nothing can end. Such a body counts
// as none; in other requests, such as INFO, nothing depends on the kind.
const core = UserAgentCore.prototype as unknown as Record<string, (message: Incoming) => void>;
for (const name of ['receiveIncomingRequestFromTransport', 'receiveIncomingResponseFromTransport']) {
  const receive = core[name];
  core[name] = function (message) {
    if (/^(INVITE|ACK)$/.test(message.method) && !isBodyClear(message)) message.body = '';
    receive?.call(this, message);
  };
}

function isBodyClear(message: Incoming): boolean {
  try {
    getBody(message);
    return true;
  } catch {
    return false;
  }
}

// sip.js writes what others said into headers as it is. A line break there must not pass for the end of a header: alone, its
// second half lets nothing leave.
const { toString: written } = OutgoingRequestMessage.prototype;
OutgoingRequestMessage.prototype.toString = function () {
  const odd = (text: string) => text.trim().replace(/\r\n/g, '\n');
  this.extraHeaders = this.extraHeaders.map(odd);
  for (const [name, values] of Object.entries(this.headers)) this.headers[name] = values.map(odd);
  return written.call(this);
};

function isTimer(value: unknown): value is NodeJS.Timeout {
  return typeof value === 'object' && value !== null && 'hasRef' in value && 'unref' in value;
}

/** Whether sip.js can read this value of a Contact header. */
export function isContact(value: string): boolean {
  return Array.isArray(Grammar.parse(value, 'Contact'));
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
