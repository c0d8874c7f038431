import type { Code, Leg, Signal } from '../line.ts';
import { detach, holdCalls, leave, newCall, replaceCall, report } from './calls.ts';
import { available, type Call, type Forward, type Handset, type Moment } from './state.ts';

type Rule<K extends Signal['kind']> = (moment: Moment, signal: Extract<Signal, { kind: K }>) => void;

/** What a signal of the line means for the handset, and what it reports of it. */
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
      moment.happen('toneHeard', { detail: digits });
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

/** So many of the last tones are kept. */
export const MOST_TONES = 64;

export function hearSignal(moment: Moment, signal: Signal): void {
  const rule = RULES[signal.kind] as (moment: Moment, signal: Signal) => void;
  rule(moment, signal);
}

/** A signal may come late, when the call is over here. */
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

/** The number of a forwarding that is on; none where none was typed. That "always" comes before "busy": our choice. */
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
    // Two conversations at once are a conference, and nobody asked for one. A conference on hold stays so.
    const onHold = handset.conference ? handset.calls.some(({ held }) => held) : focus !== call;
    if (onHold) holdCalls(moment, [call]);
  });
}

/**
 * The document says of `remoteBusy` "send the outgoing call is rejected", so it is what a caller reports of every
 * refusal, an unknown number too. Of `callRemoteCanceled` it says "send the outgoing call is canceled by the other
 * side", and elsewhere "the dial account end the ringing": a caller reports it when nobody answered, and the phone
 * that rang, with `missedCall`, when it rings no more. A phone cannot tell whether the caller or the exchange gave up.
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

/** The code of a call that somebody else has answered. */
export const ELSEWHERE = 200;

/** 480 is how phones say that nobody was there; 487 and 408, how an exchange does. */
const NO_ANSWER: readonly Code[] = [408, 480, 487, 504];
const NOT_FOUND: readonly Code[] = [404, 410, 484, 604];
const BUSY: readonly Code[] = [486, 600, 603];

function reasonOf(code: Code) {
  if (NO_ANSWER.includes(code)) return { notice: 'No answer', event: 'callRemoteCanceled' } as const;
  if (NOT_FOUND.includes(code)) return { notice: 'Not Found', event: 'remoteBusy' } as const;
  if (BUSY.includes(code)) return { notice: 'Busy', event: 'remoteBusy' } as const;
  return { notice: `Failed ${code}`, event: 'remoteBusy' } as const;
}

/** A transfer by the other side: for this phone a call of its own, in the place of the one that it had. */
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

/** The one at the other side was replaced by somebody else. The phone talks on, in a call of another id. */
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

/** The original call stays, on hold. */
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
