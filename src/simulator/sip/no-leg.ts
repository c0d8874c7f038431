import type { Code, Leg, Signal } from '../line.ts';

let serial = 0;

/** A leg for a call that is not sent: it ends at once, with this code. */
export function noLeg(remote: string, code: Code, hear: (signal: Signal) => void): Leg {
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
  queueMicrotask(() => hear({ kind: 'ended', leg, code }));
  return leg;
}
