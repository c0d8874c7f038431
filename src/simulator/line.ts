/**
 * How a handset reaches others: the switchboard of this process, or an account at a PBX. Whatever a line or a leg is
 * asked for, it answers with signals, at once or later; a handset cannot tell which kind it hangs on.
 */
export interface PhoneLine {
  /** Calls a number. */
  dial(number: string, how?: Dialling): Leg;
  /** Takes over the call that rings at a number. */
  pickUp(number: string): Leg;
  /** The handset has started anew: it logs off, and on again. */
  restart(): void;
  /** The name that goes with a number, empty if there is none. */
  nameOf(number: string): string;
  /** What has no words for an action of a person, such as why there is no service, is asked of the line. */
  readonly host: string | undefined;
  close(): Promise<void>;
}

/** `intercom`: the other side is to answer by itself. */
export type Dialling = 'plain' | 'intercom';

/** One call as one phone has it. The other side is a number; who is behind it, only the line knows. */
export interface Leg {
  /** As `$call_id` reports it. It changes when the call goes on elsewhere. */
  readonly id: string;
  /** The number at the other side, or the one dialled. */
  readonly remote: string;
  /** The caller hears that it rings. */
  ring(): void;
  accept(): void;
  /** Turned down by the phone, being busy, or by the person at it. */
  refuse(why: 'busy' | 'rejected'): void;
  /** @param chosen - by a person, who may send it back to where it was forwarded before; else by a setting */
  redirect(number: string, chosen: boolean): void;
  /** It has rung as long as calls do here. */
  unanswered(): void;
  /** Hangs up, or gives up while it rings. No signal follows. */
  end(): void;
  hold(): void;
  resume(): void;
  tones(digits: string): void;
  mute(on: boolean): void;
  /** Hands the other side over to a number, or to the other side of another leg. */
  refer(to: string | Leg): void;
  /** One conversation with this leg, or none any more. */
  mix(other: Leg | undefined): void;
}

/** Why a call did not come about, as SIP counts; the switchboard of the process uses the same numbers. */
export type Code = number;

/** What a line tells its handset. */
export type Signal =
  | { readonly kind: 'incoming'; readonly leg: Leg; readonly called: string; readonly how: Dialling }
  /** This phone has answered. */
  | { readonly kind: 'accepted'; readonly leg: Leg }
  /** Both sides talk. */
  | { readonly kind: 'established'; readonly leg: Leg }
  /** The other side, or what is in between, ended it; `code` says why a call that was not answered ended. */
  | { readonly kind: 'ended'; readonly leg: Leg; readonly code: Code }
  | { readonly kind: 'held' | 'resumed'; readonly leg: Leg }
  | { readonly kind: 'holdFailed' | 'resumeFailed'; readonly leg: Leg; readonly code: Code }
  | { readonly kind: 'remoteHold'; readonly leg: Leg; readonly on: boolean }
  | { readonly kind: 'tone'; readonly leg: Leg; readonly digits: string }
  /** The other side asks this phone to call somebody else; it does, with the leg `by`. */
  | { readonly kind: 'referred'; readonly leg: Leg; readonly by: Leg }
  /** The other side was handed over to somebody else, who now comes with the leg `by`. */
  | { readonly kind: 'replaced'; readonly leg: Leg; readonly by: Leg }
  | { readonly kind: 'transferFinished'; readonly leg: Leg }
  | { readonly kind: 'transferFailed'; readonly leg: Leg; readonly code: Code }
  | { readonly kind: 'registered' | 'unregistered' }
  | { readonly kind: 'registerFailed'; readonly reason: string };
