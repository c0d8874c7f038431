import type { Leg } from '../line.ts';
import { join, part, SwitchLeg } from './leg.ts';
import type { Wires } from './wires.ts';

/** A phone asks to connect the other end of its call with a number, or with the other end of another call. */
export function refer(wires: Wires, leg: SwitchLeg, to: string | Leg): void {
  const { peer } = leg;
  if (wires.faults.take(leg.number, 'transferUnfinished')) return;
  if (wires.faults.take(leg.number, 'transferRefused') || peer === undefined || peer.referred) {
    wires.now(leg, { kind: 'transferFailed', leg, code: 603 });
    return;
  }
  if (typeof to === 'string') {
    if (wires.pbx.phonesTransfer) callThere(wires, leg, peer, to);
    else passOn(wires, leg, peer, to);
    return;
  }
  const moved = to instanceof SwitchLeg ? to : undefined;
  if (moved?.peer === undefined || moved.peer.number === peer.number) {
    wires.now(leg, { kind: 'transferFailed', leg, code: 481 });
    return;
  }
  if (wires.pbx.phonesTransfer) takeOver(wires, leg, peer, moved.peer);
  else bridge(wires, { leg, peer }, { moved, target: moved.peer });
}

/** A proxy: the other phone calls the number itself. */
function callThere(wires: Wires, leg: SwitchLeg, peer: SwitchLeg, to: string): void {
  const by = referred(wires, leg, peer, to);
  wires.route(by, to);
}

/** A proxy: the other phone calls the target's phone, which replaces its existing call. */
function takeOver(wires: Wires, leg: SwitchLeg, peer: SwitchLeg, target: SwitchLeg): void {
  const by = referred(wires, leg, peer, target.number);
  const there = wires.newLeg(target.number, peer.number, by.id);
  join(by, there);
  wires.later(() => {
    wires.now(target, { kind: 'replaced', leg: target, by: there });
    wires.connect(by, there);
  });
}

function referred(wires: Wires, leg: SwitchLeg, peer: SwitchLeg, to: string): SwitchLeg {
  const by = wires.newLeg(peer.number, to);
  by.referrer = leg;
  peer.referred = true;
  wires.tell(peer, { kind: 'referred', leg: peer, by });
  return by;
}

/** A B2BUA: it calls the number for the other phone, which does not notice. */
function passOn(wires: Wires, leg: SwitchLeg, peer: SwitchLeg, to: string): void {
  part(leg);
  peer.referrer = leg;
  wires.route(peer, to);
}

/** A B2BUA: it connects its two calls, and hangs up on the phone that asked. */
function bridge(
  wires: Wires,
  { leg, peer }: { readonly leg: SwitchLeg; readonly peer: SwitchLeg },
  { moved, target }: { readonly moved: SwitchLeg; readonly target: SwitchLeg },
): void {
  part(leg);
  part(moved);
  join(peer, target);
  wires.tell(leg, { kind: 'transferFinished', leg });
  wires.tell(moved, { kind: 'ended', leg: moved, code: 200 });
}
