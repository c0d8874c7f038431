import type { Code, Leg, Signal } from '../line.ts';

/** The SIP status for a call that cannot be sent. */
const UNAVAILABLE: Code = 503;

let serial = 0;

/** A leg for a phone that has no line: its call ends at once. */
export function noLeg(remote: string, hear: (signal: Signal) => void): Leg {
  serial += 1;
  const nothing = () => undefined;
  const leg: Leg = {
    id: `none-${serial}`,
    remote,
    ring: nothing,
    accept: nothing,
    refuse: nothing,
    redirect: nothing,
    unanswered: nothing,
    end: nothing,
    hold: nothing,
    resume: nothing,
    tones: nothing,
    mute: nothing,
    refer: nothing,
    mix: nothing,
  };
  queueMicrotask(() => hear({ kind: 'ended', leg, code: UNAVAILABLE }));
  return leg;
}
