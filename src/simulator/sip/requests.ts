import type { SipLeg } from './leg.ts';
import type { MethodCall } from './methods.ts';
import type { Refreshed, UpdateAnswer } from './session-timers.ts';
import { type Invitation, Inviter, SessionState } from './sipjs.ts';

/** What becomes of a call by requests that sip.js does not know, or takes wrongly. */
export class Requests implements Refreshed, MethodCall {
  readonly #leg: SipLeg;

  constructor(leg: SipLeg) {
    this.#leg = leg;
  }

  get isRinging(): boolean {
    const { session } = this.#leg;
    const isOpen = session.state === SessionState.Initial || session.state === SessionState.Establishing;
    return isOpen && !(session instanceof Inviter);
  }

  calledOff(): void {
    (this.#leg.session as Invitation).reject({ statusCode: 487 }).catch(() => undefined);
  }

  refresh(): void {
    this.#leg.refresh();
  }

  expire(): void {
    this.#leg.drop();
  }

  /** One offer at a time (RFC 3311, 5.2). */
  update(sdp: string): UpdateAnswer {
    const { session, media } = this.#leg;
    if (this.isRinging) return 'too soon';
    const isCalling = session.state !== SessionState.Established;
    if (isCalling || session.dialog?.signalingState === 'HaveLocalOffer') return 'collision';
    return media?.update(sdp) ?? 'unacceptable';
  }
}
