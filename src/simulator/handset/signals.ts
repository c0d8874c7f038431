import type { Code, Leg, Signal } from '../line.ts';
import { detach, holdCalls, leave, newCall, replaceCall, report } from './calls.ts';
import { available, type Call, type Forward, type Handset, type Moment } from './state.ts';

type Rule<K extends Signal['kind']> = (moment: Moment, signal: Extract<Signal, { kind: K }>) => void;

/** What a signal of the line means for the handset, and what it reports. */
const RULES: { readonly [K in Signal['kind']]: Rule<K> } = {
  incoming,
  accepted: (moment, { leg }) =>
    withCall(moment, leg, (call) => report(moment, 'answerNewIncomingCall', call)),
  established,
  ended,
  held: (moment, { leg }) => withCall(moment, leg, (call) => report(moment, 'hold', call)),
  resumed: (moment, { leg }) => withCall(moment, leg, (call) => report(moment, 'unHold', call)),
  holdFailed: (moment, { leg, code }) =>
    withCall(moment, leg, (call) => {
      call.held = false;
      moment.handset.notice = `Hold failed ${code}`;
    }),
  resumeFailed: (moment, { leg, code }) =>
    withCall(moment, leg, (call) => {
      call.held = true;
      moment.handset.notice = `Resume failed ${code}`;
    }),
  remoteHold: (moment, { leg, on }) =>
    withCall(moment, leg, (call) => {
      call.heldByRemote = on;
    }),
  tone: (moment, { leg, digits }) =>
    withCall(moment, leg, () => {
      moment.handset.heard = (moment.handset.heard + digits).slice(-MOST_TONES);
      moment.happen('toneHeard', { call: leg.id, detail: digits });
    }),
  referred,
  replaced,
  transferFinished: (moment, { leg }) =>
    withCall(moment, leg, (call) => {
      call.referring = undefined;
      report(moment, 'transferFinished', call);
      if (call.established) report(moment, 'terminated', call);
      detach(moment.handset, call);
      leg.end();
    }),
  transferFailed: (moment, { leg }) => withCall(moment, leg, (call) => failTransfer(moment, call)),
  registered: ({ handset, happen }) => {
    handset.noService = '';
    happen('registered');
  },
  unregistered: ({ handset, happen }) => {
    happen('unregistered');
    if (handset.restarting) happen('setupCompleted');
    handset.restarting = false;
  },
  registerFailed: ({ handset, happen }, { reason }) => {
    handset.noService = reason;
    happen('registerFailed', { detail: reason });
  },
};

/** How many of the latest tones are kept. */
export const MOST_TONES = 64;

export function hearSignal(moment: Moment, signal: Signal): void {
  const rule = RULES[signal.kind] as (moment: Moment, signal: Signal) => void;
  rule(moment, signal);
}

/** A signal may arrive late, when the call is already over on this side. */
function withCall({ handset }: Moment, leg: Leg, act: (call: Call) => void): void {
  const known = handset.calls.flatMap((call) => (call.instead === undefined ? [call] : [call, call.instead]));
  const call = known.find((one) => one.leg === leg);
  if (call !== undefined) act(call);
}

function incoming(moment: Moment, { leg, called, how }: Extract<Signal, { kind: 'incoming' }>): void {
  const { handset } = moment;
  const free = available(handset);
  const target = targetOf(handset, 'always') ?? (free ? undefined : targetOf(handset, 'busy'));
  if (target !== undefined) {
    moment.happen('forwardIncomingCall', { call: leg.id, remote: target, called });
    leg.redirect(target, false);
    return;
  }
  if (!free) {
    leg.refuse('busy');
    return;
  }
  const call = newCall(handset, leg, { incoming: true, called });
  const alone = handset.calls.length === 0;
  handset.calls = [call, ...handset.calls];
  handset.screen = undefined;
  handset.notice = '';
  handset.lastCaller = leg.remote;
  report(moment, 'incomingCall', call);
  leg.ring();
  // An intercom call does not interrupt another. Not documented; our choice.
  if (how === 'intercom' && alone) {
    handset.audio = 'speaker';
    call.answered = true;
    leg.accept();
  }
}

/**
 * The number of an active forwarding; undefined if none was typed. That "always" takes precedence over "busy" is our
 * choice.
 */
export function targetOf(handset: Handset, forward: Forward): string | undefined {
  return handset.forwards.includes(forward) ? handset.forwardTo[forward] : undefined;
}

function established(moment: Moment, { leg }: Extract<Signal, { kind: 'established' }>): void {
  const { handset } = moment;
  withCall(moment, leg, (call) => {
    call.answered = true;
    call.established = true;
    report(moment, 'established', call);
    const [focus, other] = handset.calls;
    if (handset.conference && other !== undefined) focus?.leg.mix(other.leg);
    // Two active calls at once would be a conference that nobody asked for. A conference on hold stays one.
    const onHold = handset.conference ? handset.calls.some(({ held }) => held) : focus !== call;
    if (onHold) holdCalls(moment, [call]);
  });
}

/**
 * The document says of `remoteBusy` "send the outgoing call is rejected", so a caller reports it for every refusal,
 * even for an unknown number. Of `callRemoteCanceled` it says "send the outgoing call is canceled by the other side",
 * and elsewhere "the dial account end the ringing": a caller reports it when nobody answered, and the called phone,
 * with `missedCall`, when the ringing stops. A phone cannot tell whether the caller or the PBX cancelled the call.
 */
function ended(moment: Moment, { leg, code }: Extract<Signal, { kind: 'ended' }>): void {
  const { handset } = moment;
  withCall(moment, leg, (call) => {
    if (call.established) report(moment, 'terminated', call);
    else if (call.incoming && !call.answered) {
      report(moment, 'callRemoteCanceled', call);
      if (code !== ELSEWHERE) {
        handset.notice = `Missed call ${leg.remote}`;
        report(moment, 'missedCall', call);
      }
    } else if (!call.incoming) {
      const { notice, event } = reasonOf(code);
      handset.notice = `${notice} ${leg.remote}`;
      report(moment, event, call);
    }
    const after = handset.calls.find(({ instead }) => instead === call);
    if (after === undefined) leave(handset, call);
    else after.instead = undefined;
  });
}

/** The code of a call that was answered elsewhere. */
export const ELSEWHERE = 200;

/** Phones send 480 if nobody answered; a PBX sends 487 or 408. */
const NO_ANSWER: readonly Code[] = [408, 480, 487, 504];
const NOT_FOUND: readonly Code[] = [404, 410, 484, 604];
const BUSY: readonly Code[] = [486, 600, 603];

function reasonOf(code: Code) {
  if (NO_ANSWER.includes(code)) return { notice: 'No answer', event: 'callRemoteCanceled' } as const;
  if (NOT_FOUND.includes(code)) return { notice: 'Not Found', event: 'remoteBusy' } as const;
  if (BUSY.includes(code)) return { notice: 'Busy', event: 'remoteBusy' } as const;
  return { notice: `Failed ${code}`, event: 'remoteBusy' } as const;
}

/** A transfer by the other party: for this phone it is a new call, in place of the existing one. */
function referred(moment: Moment, { leg, by }: Extract<Signal, { kind: 'referred' }>): void {
  const { handset } = moment;
  withCall(moment, leg, (old) => {
    const call: Call = {
      ...newCall(handset, by, { incoming: false, called: by.remote }),
      line: old.line,
      instead: old,
    };
    replaceCall(handset, old, call);
    report(moment, 'outgoingCall', call);
  });
}

/** The other party was replaced. The phone continues to talk, in a call with another id. */
function replaced(moment: Moment, { leg, by }: Extract<Signal, { kind: 'replaced' }>): void {
  const { handset } = moment;
  withCall(moment, leg, (old) => {
    const call: Call = {
      ...newCall(handset, by, { incoming: true, called: handset.extension }),
      line: old.line,
    };
    call.answered = true;
    replaceCall(handset, old, call);
    if (old.established) report(moment, 'terminated', old);
    leg.end();
  });
}

/** The original call remains, on hold. */
export function failTransfer(moment: Moment, call: Call | undefined, number = call?.referring ?? ''): void {
  const { handset } = moment;
  handset.entry = undefined;
  handset.transferring = false;
  handset.notice = `Transfer failed ${number}`.trimEnd();
  if (call === undefined) moment.happen('transferFailed');
  else {
    call.referring = undefined;
    report(moment, 'transferFailed', call);
  }
}
