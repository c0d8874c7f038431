import { ELSEWHERE } from '../handset/signals.ts';
import type { Station } from '../handset/station.ts';
import type { Code, Dialling, Leg, Signal } from '../line.ts';
import type { Faults } from './faults.ts';
import { join, type LegWork, part, SwitchLeg } from './leg.ts';
import { PBXES, type Pbx } from './pbx.ts';

/** How often a call is forwarded before it counts as busy. Not documented; our choice, as proxies do. */
const MOST_FORWARDS = 5;

export interface WiresOptions {
  readonly pbx: Pbx;
  /** The status code for a busy phone, or a call that was rejected. */
  readonly refusal: Code;
  readonly faults: Faults;
  readonly refer: (wires: Wires, leg: SwitchLeg, to: string | Leg) => void;
}

/**
 * Connects the legs. A phone that asks for something is answered at once. The others are notified in turn, each after
 * the previous one has processed its signal, as if messages were passed between them.
 */
export class Wires implements LegWork {
  readonly stations = new Map<string, Station>();
  readonly pbx: (typeof PBXES)[Pbx];
  readonly faults: Faults;
  readonly #refusal: Code;
  readonly #refer: WiresOptions['refer'];
  readonly #waiting: (() => void)[] = [];
  #settling = false;
  #ids = 0;

  constructor({ pbx, refusal, faults, refer }: WiresOptions) {
    this.pbx = PBXES[pbx];
    this.#refusal = refusal;
    this.#refer = refer;
    this.faults = faults;
  }

  /** Delivers queued signals, and those that they cause. */
  settle(): void {
    if (this.#settling) return;
    this.#settling = true;
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) next();
    } finally {
      this.#settling = false;
    }
  }

  newId(): string {
    this.#ids += 1;
    return `call-${this.#ids}`;
  }

  newLeg(number: string, remote: string, id = this.newId()): SwitchLeg {
    return new SwitchLeg(this, number, id, remote);
  }

  /** Answers the phone that has just asked. */
  now(leg: SwitchLeg, signal: Signal): void {
    this.stations.get(leg.number)?.hear(signal);
  }

  /** Queues a signal for a phone. */
  tell(leg: SwitchLeg, signal: Signal): void {
    this.later(() => {
      if (!this.gone(leg.number)) this.now(leg, signal);
    });
  }

  later(act: () => void): void {
    this.#waiting.push(act);
  }

  tones(leg: SwitchLeg, digits: string): void {
    this.#toOther(leg, (other) => ({ kind: 'tone', leg: other, digits }));
  }

  /** Signals the phone at the other end, if there is one. */
  #toOther({ number, peer }: SwitchLeg, signal: (leg: SwitchLeg) => Signal): void {
    if (peer !== undefined && !this.gone(number)) this.tell(peer, signal(peer));
  }

  gone(number: string): boolean {
    return this.faults.take(number, 'vanish');
  }

  dial(number: string, to: string, how: Dialling): SwitchLeg {
    const leg = this.newLeg(number, to);
    if (this.faults.take(number, 'registrarAway')) this.tell(leg, { kind: 'ended', leg, code: 503 });
    else this.route(leg, to, how);
    return leg;
  }

  /** Finds the phone of a number and makes it ring, or signals to the caller why it does not. */
  route(caller: SwitchLeg, to: string, how: Dialling = 'plain', via: readonly string[] = []): void {
    const away = this.faults.take(to, 'registrarAway');
    if (!this.stations.has(to) || away) this.fail(caller, 404);
    // A call that returns to its caller would ring next to itself.
    else if (to === caller.number || via.includes(to) || via.length > MOST_FORWARDS) this.fail(caller, 486);
    else if (this.gone(to)) this.fail(caller, 408);
    else {
      const leg = this.newLeg(to, caller.number, this.pbx.oneId ? caller.id : undefined);
      leg.via = via;
      join(caller, leg);
      this.tell(leg, { kind: 'incoming', leg, called: to, how });
    }
  }

  rings(leg: SwitchLeg): void {
    leg.rang = true;
    if (leg.peer !== undefined && this.pbx.finishesWhenRinging) this.referralDone(leg.peer);
  }

  answer(leg: SwitchLeg): void {
    this.now(leg, { kind: 'accepted', leg });
    if (leg.peer !== undefined) this.connect(leg.peer, leg);
  }

  /** Both ends of a call talk. */
  connect(caller: SwitchLeg, callee: SwitchLeg): void {
    const order = this.pbx.calleeFirst ? [callee, caller] : [caller, callee];
    for (const leg of order) {
      if (!leg.up) this.tell(leg, { kind: 'established', leg });
      leg.up = true;
    }
    this.referralDone(caller);
  }

  refuse(leg: SwitchLeg): void {
    const { peer } = leg;
    part(leg);
    if (peer !== undefined) this.fail(peer, this.pbx.refusal(this.#refusal), leg.rang);
  }

  forward(leg: SwitchLeg, to: string, via: readonly string[]): void {
    const { peer } = leg;
    part(leg);
    if (peer === undefined) return;
    if (this.pbx.callerFollows && !peer.up) peer.remote = to;
    this.route(peer, to, 'plain', [...via, leg.number]);
  }

  giveUp(leg: SwitchLeg): void {
    const { peer } = leg;
    part(leg);
    this.now(leg, { kind: 'ended', leg, code: 487 });
    if (peer !== undefined) this.fail(peer, this.pbx.noAnswer, true);
  }

  /** A call fails. If it is already up, and a PBX wanted to replace it, it ends. */
  fail(caller: SwitchLeg, code: Code, rang = false): void {
    this.tell(caller, { kind: 'ended', leg: caller, code });
    this.referralFailed(caller, caller.up && !rang ? 503 : code);
  }

  referralDone(caller: SwitchLeg): void {
    this.#outcome(caller, (leg) => ({ kind: 'transferFinished', leg }));
  }

  referralFailed(caller: SwitchLeg, code: Code): void {
    this.#outcome(caller, (leg) => ({ kind: 'transferFailed', leg, code }));
  }

  #outcome(caller: SwitchLeg, signal: (leg: SwitchLeg) => Signal): void {
    const { referrer } = caller;
    if (referrer === undefined) return;
    caller.referrer = undefined;
    if (referrer.peer !== undefined) referrer.peer.referred = false;
    this.tell(referrer, signal(referrer));
  }

  end(leg: SwitchLeg): void {
    const { peer } = leg;
    part(leg);
    this.referralFailed(leg, 487);
    if (peer === undefined || this.gone(leg.number)) return;
    if (!peer.up && peer.rang && this.faults.take(peer.number, 'answerCrossesCancel')) {
      for (const kind of ['accepted', 'established'] as const) this.tell(peer, { kind, leg: peer });
    }
    this.tell(peer, { kind: 'ended', leg: peer, code: 487 });
  }

  hold(leg: SwitchLeg): void {
    const code = this.#refusedHold(leg);
    this.now(leg, code === undefined ? { kind: 'held', leg } : { kind: 'holdFailed', leg, code });
    if (code === undefined) this.#remoteHold(leg, true);
  }

  /** A PBX that has lost the other end notices when it is asked to reconnect. */
  resume(leg: SwitchLeg): void {
    if (leg.peer === undefined) {
      this.tell(leg, { kind: 'ended', leg, code: 481 });
      return;
    }
    this.now(leg, { kind: 'resumed', leg });
    this.#remoteHold(leg, false);
  }

  #remoteHold(from: SwitchLeg, on: boolean): void {
    if (this.pbx.passesHold) this.#toOther(from, (leg) => ({ kind: 'remoteHold', leg, on }));
  }

  #refusedHold({ number, peer }: SwitchLeg): Code | undefined {
    if (this.faults.take(number, 'holdRefused')) return 488;
    if (this.faults.take(number, 'holdGlare')) return 491;
    return peer !== undefined && this.gone(peer.number) ? 408 : undefined;
  }

  refer(leg: SwitchLeg, to: string | Leg): void {
    this.#refer(this, leg, to);
  }

  /** The caller of a ringing phone is connected to another phone. */
  pickUp(number: string, from: string): SwitchLeg {
    const ringing = this.#ringingAt(from);
    const caller = ringing?.peer;
    const leg = this.newLeg(number, from, this.pbx.oneId ? caller?.id : undefined);
    if (ringing === undefined || caller === undefined) {
      this.fail(leg, 404);
      return leg;
    }
    part(ringing);
    this.tell(ringing, { kind: 'ended', leg: ringing, code: ELSEWHERE });
    join(caller, leg);
    leg.remote = caller.number;
    if (this.pbx.callerFollows) caller.remote = number;
    this.connect(caller, leg);
    return leg;
  }

  #ringingAt(number: string): SwitchLeg | undefined {
    const leg = this.stations.get(number)?.ringing()?.leg;
    return leg instanceof SwitchLeg ? leg : undefined;
  }
}
