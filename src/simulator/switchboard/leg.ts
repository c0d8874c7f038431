import type { Leg } from '../line.ts';

/** Performs what is asked of a leg. */
export interface LegWork {
  rings(leg: SwitchLeg): void;
  answer(leg: SwitchLeg): void;
  refuse(leg: SwitchLeg): void;
  forward(leg: SwitchLeg, to: string, via: readonly string[]): void;
  giveUp(leg: SwitchLeg): void;
  end(leg: SwitchLeg): void;
  hold(leg: SwitchLeg): void;
  resume(leg: SwitchLeg): void;
  tones(leg: SwitchLeg, digits: string): void;
  refer(leg: SwitchLeg, to: string | Leg): void;
}

/** One end of a call in this process. */
export class SwitchLeg implements Leg {
  /** The number of this phone. */
  readonly number: string;
  id: string;
  remote: string;
  /** The other end, if there is one. */
  peer: SwitchLeg | undefined;
  /** It was answered. */
  up = false;
  /** It has rung. */
  rang = false;
  /** The phones that have forwarded the call, which it does not reach again. */
  via: readonly string[] = [];
  /** The leg that asked for this call, and is notified of the result. */
  referrer: SwitchLeg | undefined;
  /** This end was asked to call someone else. */
  referred = false;
  readonly #work: LegWork;

  constructor(work: LegWork, number: string, id: string, remote: string) {
    this.#work = work;
    this.number = number;
    this.id = id;
    this.remote = remote;
  }

  ring(): void {
    this.#work.rings(this);
  }

  accept(): void {
    this.#work.answer(this);
  }

  refuse(): void {
    this.#work.refuse(this);
  }

  redirect(number: string, chosen: boolean): void {
    this.#work.forward(this, number, chosen ? [] : this.via);
  }

  unanswered(): void {
    this.#work.giveUp(this);
  }

  end(): void {
    this.#work.end(this);
  }

  hold(): void {
    this.#work.hold(this);
  }

  resume(): void {
    this.#work.resume(this);
  }

  tones(digits: string): void {
    this.#work.tones(this, digits);
  }

  mute(): void {
    // There is no audio here.
  }

  refer(to: string | Leg): void {
    this.#work.refer(this, to);
  }

  mix(): void {
    // There is no audio here.
  }
}

export function join(one: SwitchLeg, other: SwitchLeg): void {
  one.peer = other;
  other.peer = one;
}

/** Separates both ends. */
export function part(leg: SwitchLeg): void {
  if (leg.peer !== undefined) leg.peer.peer = undefined;
  leg.peer = undefined;
}
