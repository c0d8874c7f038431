/**
 * How a handset reaches others: the switchboard of this process, or an account at a PBX. A line or a leg answers every
 * request with signals, at once or later; a handset cannot tell which kind it uses.
 */
export interface PhoneLine {
  /** Calls a number. */
  dial(number: string, how?: Dialling): Leg;
  /** Picks up the call that is ringing at a number. */
  pickUp(number: string): Leg;
  /** The handset has restarted: it unregisters and registers again. */
  restart(): void;
  /** The name of a number, or an empty string. */
  nameOf(number: string): string;
  /** The host of SIP addresses at a PBX; undefined for the switchboard of this process. */
  readonly host: string | undefined;
  close(): Promise<void>;
}

/** `intercom`: the other phone should answer automatically. */
export type Dialling = 'plain' | 'intercom';

/** One phone's side of a call. The other side is a number; only the line knows which phone that is. */
export interface Leg {
  /** As reported in `$call_id`. It changes if the call moves elsewhere. */
  readonly id: string;
  /** The number of the other party, or the dialled one. */
  readonly remote: string;
  /** Signals ringing to the caller. */
  ring(): void;
  accept(): void;
  /** Rejected by the phone, because it is busy, or by a person. */
  refuse(why: 'busy' | 'rejected'): void;
  /**
   * @param chosen - whether a person chose it, who may send the call back to a phone that forwarded it; otherwise a
   * setting did
   */
  redirect(number: string, chosen: boolean): void;
  /** The call has rung for the maximum time. */
  unanswered(): void;
  /** Hangs up, or cancels while ringing. No signal follows. */
  end(): void;
  hold(): void;
  resume(): void;
  tones(digits: string): void;
  mute(on: boolean): void;
  /** Transfers the other party to a number, or to the other party of another leg. */
  refer(to: string | Leg): void;
  /** Joins the audio with that of another leg, or ends that. */
  mix(other: Leg | undefined): void;
}

/** Why a call failed, as a SIP status code; the switchboard of this process uses the same codes. */
export type Code = number;

/** What a line signals to its handset. */
export type Signal =
  | { readonly kind: 'incoming'; readonly leg: Leg; readonly called: string; readonly how: Dialling }
  /** This phone has answered. */
  | { readonly kind: 'accepted'; readonly leg: Leg }
  /** Both parties talk. */
  | { readonly kind: 'established'; readonly leg: Leg }
  /** The other side, or the PBX, ended it; `code` says why an unanswered call ended. */
  | { readonly kind: 'ended'; readonly leg: Leg; readonly code: Code }
  | { readonly kind: 'held' | 'resumed'; readonly leg: Leg }
  | { readonly kind: 'holdFailed' | 'resumeFailed'; readonly leg: Leg; readonly code: Code }
  | { readonly kind: 'remoteHold'; readonly leg: Leg; readonly on: boolean }
  | { readonly kind: 'tone'; readonly leg: Leg; readonly digits: string }
  /** The other party asks this phone to call someone else; it does so, with the leg `by`. */
  | { readonly kind: 'referred'; readonly leg: Leg; readonly by: Leg }
  /** The other party was replaced by someone else, who arrives with the leg `by`. */
  | { readonly kind: 'replaced'; readonly leg: Leg; readonly by: Leg }
  | { readonly kind: 'transferFinished'; readonly leg: Leg }
  | { readonly kind: 'transferFailed'; readonly leg: Leg; readonly code: Code }
  | { readonly kind: 'registered' | 'unregistered' }
  | { readonly kind: 'registerFailed'; readonly reason: string };
