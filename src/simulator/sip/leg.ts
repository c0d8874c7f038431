import { onAbort } from '../../abort.ts';
import type { Code, Leg, Signal } from '../line.ts';
import { cancel, invite, numberOfContact } from './invite.ts';
import { type Media, mediaOf } from './media/description.ts';
import { askToCall } from './referral.ts';
import { reinvite } from './reinvite.ts';
import { follow, idOf } from './session.ts';
import { type Invitation, Inviter, type Referral, type Session, SessionState, type URI } from './sipjs.ts';

/** What a leg needs of its line. */
export interface LegLine {
  readonly hear: (signal: Signal) => void;
  /** Runs tasks one after the other: a phone does not answer a call before the active one is held. */
  inTurn(act: () => Promise<unknown>): void;
  /** Waits so many milliseconds, or until the line is closed or the signal is aborted. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<unknown>;
  uriOf(number: string): URI;
  readonly refusal: Code;
  /** The leg is over. */
  forget(leg: SipLeg): void;
  /** Waits until the other side knows of each cancelled call to this number. */
  cancelled(number: string): Promise<unknown>;
  /** The other side asks for a call to someone else. */
  referred(leg: SipLeg, referral: Referral): void;
  /** Follows a 302. */
  follow(uri: URI): Inviter;
}

const MOST_REDIRECTS = 5;
/** The code of a call that another phone has answered. */
const ELSEWHERE: Code = 200;
/** One call of a virtual phone at a PBX. */
export class SipLeg implements Leg {
  id: string;
  remote: string;
  session: Session;
  readonly #line: LegLine;
  /** Why it ended, as far as this side knows. */
  #code: Code = 487;
  /** It was ended by this side, so nothing more is signalled. */
  #quiet = false;
  readonly #over = new AbortController();
  #established = false;
  #redirects = 0;

  constructor(line: LegLine, session: Session, remote: string) {
    this.#line = line;
    this.session = session;
    this.remote = remote;
    this.id = idOf(session);
    this.#watch(session);
  }

  get media(): Media | undefined {
    return mediaOf(this.session);
  }

  /** This side has ended it, and the other side may not know yet. */
  get isEnding(): boolean {
    return this.#quiet;
  }

  /** It was answered. */
  get isUp(): boolean {
    return this.#established;
  }

  /** Resolves when both sides know that it is over. */
  over(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#over.signal.aborted) resolve();
      else onAbort(this.#over.signal, resolve);
    });
  }

  /** Sends the INVITE of an outgoing leg. */
  async invite(): Promise<void> {
    if (!(this.session instanceof Inviter) || this.#quiet) return;
    const onAnswer = (code: Code, phrase: string) => {
      if (code >= 300) this.#code = code;
      this.onProgress?.(code, phrase);
    };
    const onRedirect = (contact: string) => this.#redirected(numberOfContact(contact));
    await invite(this.session, { onAnswer, onRedirect }).catch(() => this.#end(503));
  }

  /** The other side has asked for another call, in place of this one. */
  isReferred = false;

  /** Called with every response to its INVITE, for the leg that asked for this call. */
  onProgress: ((code: Code, phrase: string) => void) | undefined;

  ring(): void {
    this.#invitation?.progress().catch(() => undefined);
  }

  accept(): void {
    this.#line.inTurn(async () => {
      const invitation = this.#invitation;
      if (invitation === undefined || this.#over.signal.aborted) return;
      try {
        await invitation.accept();
        this.#line.hear({ kind: 'accepted', leg: this });
      } catch {
        this.#end(487);
      }
    });
  }

  /** An INVITE that replaces a call is answered at once; sip.js hangs up the replaced call itself. */
  async takeOver(from: SipLeg): Promise<void> {
    from.#quiet = true;
    try {
      await this.#invitation?.accept();
    } catch (error) {
      from.#quiet = false;
      throw error;
    }
  }

  refuse(): void {
    this.#quiet = true;
    this.#invitation?.reject({ statusCode: this.#line.refusal }).catch(() => undefined);
  }

  redirect(number: string): void {
    this.#quiet = true;
    const extraHeaders = [`Contact: <${this.#line.uriOf(number)}>`];
    this.#invitation
      ?.reject({ statusCode: 302, reasonPhrase: 'Moved Temporarily', extraHeaders })
      .catch(() => undefined);
  }

  unanswered(): void {
    // The PBX decides how long calls ring.
  }

  end(): void {
    this.#quiet = true;
    const { session } = this;
    if (session instanceof Inviter && session.state !== SessionState.Established) {
      const wait = (time: number) => this.#line.wait(time, this.#over.signal);
      void cancel(session, wait).then(() => this.#end(408));
    } else if (session.state === SessionState.Established) session.bye().catch(() => undefined);
    else if (session.state === SessionState.Initial) this.refuse();
  }

  /** The other side is gone: hangs up, and signals that the other side did. */
  drop(): void {
    if (this.session.state === SessionState.Established) this.session.bye().catch(() => undefined);
  }

  /** Shows the other side that the call is still on. */
  refresh(): void {
    this.#line.inTurn(() => this.#reinvite(this.media?.held === true));
  }

  hold(): void {
    this.#line.inTurn(() => this.#change(true));
  }

  resume(): void {
    this.#line.inTurn(() => this.#change(false));
  }

  tones(digits: string): void {
    this.media?.sendDtmf(digits);
  }

  mute(on: boolean): void {
    if (this.media !== undefined) this.media.stream.muted = on;
  }

  mix(other: Leg | undefined): void {
    this.media?.mix(other instanceof SipLeg ? other.media : undefined);
  }

  refer(to: string | Leg): void {
    const told = (code: Code) =>
      this.#line.hear(
        code < 300 ? { kind: 'transferFinished', leg: this } : { kind: 'transferFailed', leg: this, code },
      );
    const ask = async () => {
      const target = this.#targetOf(to);
      if (target === undefined || this.session.state !== SessionState.Established) told(481);
      else await askToCall(this.session, target, told);
    };
    // A phone that still rings for a cancelled call would be busy for the other party.
    const free = typeof to === 'string' ? this.#line.cancelled(to) : Promise.resolve();
    void free.then(() => this.#line.inTurn(ask));
  }

  /** Only a confirmed call can be replaced (RFC 3891, 3). */
  #targetOf(to: string | Leg): URI | Session | undefined {
    if (typeof to === 'string') return this.#line.uriOf(to);
    const session = to instanceof SipLeg ? to.session : undefined;
    return session?.state === SessionState.Established ? session : undefined;
  }

  get #invitation(): Invitation | undefined {
    return this.session instanceof Inviter ? undefined : (this.session as Invitation);
  }

  #watch(session: Session): void {
    const isCurrent = () => session === this.session;
    follow(session, {
      onTalk: () => isCurrent() && this.#talk(),
      onEnd: () => isCurrent() && this.#end(this.#code),
      onElsewhere: () => {
        this.#code = ELSEWHERE;
      },
      onRefer: (referral) => this.#line.referred(this, referral),
      onDigit: (digits) => this.#line.hear({ kind: 'tone', leg: this, digits }),
    });
  }

  #talk(): void {
    this.media?.answered();
    if (this.#established || this.#quiet) return;
    this.#established = true;
    this.#line.hear({ kind: 'established', leg: this });
  }

  #end(code: Code): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    this.#line.forget(this);
    if (!this.#quiet) this.#line.hear({ kind: 'ended', leg: this, code });
  }

  #redirected(number: string | undefined): void {
    this.#redirects += 1;
    if (number === undefined || this.#quiet || this.#redirects > MOST_REDIRECTS) {
      this.#code = 486;
      return;
    }
    this.remote = number;
    this.session = this.#line.follow(this.#line.uriOf(number));
    this.id = idOf(this.session);
    this.#watch(this.session);
    void this.invite();
  }

  async #change(hold: boolean): Promise<void> {
    const code = await this.#reinvite(hold);
    if (code < 300) this.#line.hear({ kind: hold ? 'held' : 'resumed', leg: this });
    else this.#line.hear({ kind: hold ? 'holdFailed' : 'resumeFailed', leg: this, code });
  }

  #reinvite(hold: boolean): Promise<Code> {
    return reinvite(this.session, hold, (time) => this.#line.wait(time, this.#over.signal));
  }
}
