import type { Code } from '../line.ts';
import { isIntercom, LONGEST_NUMBER, numberOf, refusalOf } from './incoming.ts';
import { type LegLine, SipLeg } from './leg.ts';
import type { Legs } from './legs.ts';
import { isOdd } from './message.ts';
import { notifier } from './referral.ts';
import type { Invitation, Referral } from './sipjs.ts';

/** The codes for what a phone does not take, though it could. */
const BUSY: Code = 486;
const DECLINED: Code = 603;
const BAD: Code = 400;

/** How many names of callers are remembered. */
const MOST_NAMES = 1000;

/** The calls that others begin: to this phone, or by asking it to call somebody. */
export class Arrivals {
  readonly #line: LegLine;
  readonly #legs: Legs;
  readonly #number: string;
  readonly #names = new Map<string, string>();

  /** @param number - the number of this phone */
  constructor(line: LegLine, legs: Legs, number: string) {
    this.#line = line;
    this.#legs = legs;
    this.#number = number;
  }

  nameOf(number: string): string {
    return this.#names.get(number) ?? '';
  }

  invited(invitation: Invitation): void {
    const refusal = refusalOf(invitation) ?? (this.#legs.areFull ? { statusCode: BUSY } : undefined);
    if (refusal === undefined) this.#take(invitation);
    else invitation.reject(refusal).catch(() => undefined);
  }

  #take(invitation: Invitation): void {
    const { uri, displayName } = invitation.remoteIdentity;
    const remote = numberOf(uri.user);
    this.#remember(remote, displayName);
    const leg = this.#legs.add(new SipLeg(this.#line, invitation, remote));
    const replaced = this.#legs.ofSession(invitation.replacee);
    if (replaced !== undefined) {
      leg.takeOver(replaced).then(
        () => this.#line.hear({ kind: 'replaced', leg: replaced, by: leg }),
        () => undefined,
      );
      return;
    }
    const how = isIntercom(invitation) ? 'intercom' : 'plain';
    this.#line.hear({ kind: 'incoming', leg, called: this.#number, how });
  }

  /**
   * The other side of a call asks for a call to somebody: to one at a time, and none to what is no number.
   *
   * @param contact - of this phone
   */
  referred(leg: SipLeg, referral: Referral, contact: string): void {
    const number = targetOf(referral);
    const statusCode =
      number === undefined ? BAD : leg.isReferred || this.#legs.areFull ? DECLINED : undefined;
    if (number === undefined || statusCode !== undefined) {
      referral.reject({ statusCode: statusCode ?? BAD }).catch(() => undefined);
      return;
    }
    leg.isReferred = true;
    this.#callFor(leg, referral, number, contact).catch(() => undefined);
  }

  async #callFor(leg: SipLeg, referral: Referral, number: string, contact: string): Promise<void> {
    await referral.accept();
    const inviter = referral.makeInviter();
    // The notifier reports progress; sip.js would do so too early.
    (inviter as unknown as { _referred: unknown })._referred = undefined;
    const by = this.#legs.add(new SipLeg(this.#line, inviter, number));
    const tell = notifier(leg.session, contact);
    by.onProgress = (code, phrase) => {
      if (code >= 300) leg.isReferred = false;
      tell(code, phrase);
    };
    tell(100, 'Trying');
    this.#line.hear({ kind: 'referred', leg, by });
    await by.invite();
  }

  /** Not every caller has a name. */
  #remember(number: string, name = ''): void {
    if (this.#names.size > MOST_NAMES) this.#names.clear();
    this.#names.set(number, name.slice(0, 64));
  }
}

/**
 * The number to call; undefined where the address cannot be read, has none, or has, for the number or a call to be replaced,
 * what a header cannot have.
 */
function targetOf(referral: Referral): string | undefined {
  try {
    const { user = '' } = referral.referTo.uri;
    if (user === '' || user.length > LONGEST_NUMBER) return undefined;
    const words = [user, referral.replaces ?? ''].map(decodeURIComponent);
    return words.some(isOdd) ? undefined : numberOf(user);
  } catch {
    return undefined;
  }
}
