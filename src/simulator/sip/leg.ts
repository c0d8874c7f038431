import type { Code, Leg, Signal } from '../line.ts';
import { GLARE, waitAfter } from './again.ts';
import type { Media } from './media/description.ts';
import type { Refreshed } from './session-timers.ts';
import { type Invitation, Inviter, type Referral, type Session, SessionState, type URI } from './sipjs.ts';

/** What a leg needs of its line. */
export interface LegLine {
  readonly hear: (signal: Signal) => void;
  /** Runs tasks one after the other: a phone does not answer a call before the active one is held. */
  inTurn(act: () => Promise<unknown>): void;
  /** Waits so many milliseconds. */
  wait(milliseconds: number): Promise<unknown>;
  uriOf(number: string): URI;
  readonly refusal: Code;
  /** The leg is over. */
  forget(leg: SipLeg): void;
  /** The other side asks for a call to someone else. */
  referred(leg: SipLeg, referral: Referral): void;
  /** Follows a 302. */
  follow(leg: SipLeg, uri: URI): Inviter;
}

const MOST_TRIES = 3;
const MOST_REDIRECTS = 5;

/** One call of a virtual phone at a PBX. */
export class SipLeg implements Leg, Refreshed {
  id: string;
  remote: string;
  session: Session;
  readonly #line: LegLine;
  /** Why it ended, as far as this side knows. */
  #code: Code = 487;
  /** It was ended by this side, so nothing more is signalled. */
  #quiet = false;
  #over = false;
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
    return this.session.sessionDescriptionHandler as unknown as Media | undefined;
  }

  /** Sends the INVITE of an outgoing leg. */
  invite(): Promise<unknown> {
    if (!(this.session instanceof Inviter) || this.#quiet) return Promise.resolve();
    const inviter = this.session;
    return inviter
      .invite({
        requestDelegate: {
          onProgress: ({ message }) =>
            this.onProgress?.(message.statusCode ?? 180, message.reasonPhrase ?? ''),
          onAccept: ({ message }) => {
            this.media?.answered();
            this.onProgress?.(message.statusCode ?? 200, message.reasonPhrase ?? '');
          },
          onReject: ({ message }) => {
            this.#code = message.statusCode ?? 408;
            this.onProgress?.(this.#code, message.reasonPhrase ?? '');
          },
          onRedirect: ({ message }) => this.#redirected(message.getHeader('contact') ?? ''),
        },
      })
      .catch(() => this.#end(503));
  }

  /** Called with every response to its INVITE, for the leg that asked for this call. */
  onProgress: ((code: Code, phrase: string) => void) | undefined;

  ring(): void {
    this.#invitation?.progress().catch(() => undefined);
  }

  accept(): void {
    this.#line.inTurn(async () => {
      const invitation = this.#invitation;
      if (invitation === undefined || this.#over) return;
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
    await this.#invitation?.accept();
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
      session.cancel().catch(() => undefined);
    } else if (session.state === SessionState.Established) session.bye().catch(() => undefined);
    else if (session.state === SessionState.Initial) this.refuse();
  }

  /** The other side is gone: hangs up, and signals that the other side did. */
  drop(): void {
    if (this.session.state === SessionState.Established) this.session.bye().catch(() => undefined);
  }

  /** Shows the other side that the call is still on. */
  refresh(): void {
    this.#line.inTurn(() => this.#ask(this.media?.held === true));
  }

  expire(): void {
    this.drop();
  }

  update(sdp: string): string | undefined {
    return this.media?.update(sdp);
  }

  hold(): void {
    this.#line.inTurn(() => this.#reinvite(true));
  }

  resume(): void {
    this.#line.inTurn(() => this.#reinvite(false));
  }

  tones(digits: string): void {
    this.media?.sendDtmf(digits);
  }

  mute(on: boolean): void {
    if (this.media !== undefined) this.media.stream.muted = on;
  }

  mix(other: Leg | undefined): void {
    const own = this.media?.stream;
    own?.mixNothing();
    const stream = other instanceof SipLeg ? other.media?.stream : undefined;
    if (own === undefined || stream === undefined) return;
    own.mix(stream);
    stream.mix(own);
  }

  refer(to: string | Leg): void {
    this.#line.inTurn(async () => {
      const target =
        to instanceof SipLeg ? to.session : typeof to === 'string' ? this.#line.uriOf(to) : undefined;
      if (target === undefined || this.session.state !== SessionState.Established) {
        this.#line.hear({ kind: 'transferFailed', leg: this, code: 481 });
        return;
      }
      await this.session
        .refer(target, {
          requestDelegate: {
            onReject: ({ message }) =>
              this.#line.hear({ kind: 'transferFailed', leg: this, code: message.statusCode ?? 408 }),
          },
          onNotify: (notification) => {
            notification.accept().catch(() => undefined);
            this.#notified(Number(/^SIP\/2\.0 (\d{3})/.exec(notification.request.body)?.[1] ?? 0));
          },
        })
        .catch(() => this.#line.hear({ kind: 'transferFailed', leg: this, code: 500 }));
    });
  }

  get #invitation(): Invitation | undefined {
    return this.session instanceof Inviter ? undefined : (this.session as Invitation);
  }

  #notified(code: number): void {
    if (code < 200) return;
    this.#line.hear(
      code < 300 ? { kind: 'transferFinished', leg: this } : { kind: 'transferFailed', leg: this, code },
    );
  }

  #watch(session: Session): void {
    session.stateChange.addListener((state) => {
      if (session !== this.session) return;
      if (state === SessionState.Established && session instanceof Inviter) this.#talk();
      // sip.js reports the end before the reason.
      if (state === SessionState.Terminated)
        queueMicrotask(() => session === this.session && this.#end(this.#code));
    });
    session.delegate = {
      onAck: () => this.#talk(),
      onRefer: (referral) => this.#line.referred(this, referral),
      onCancel: ({ request }) => {
        if (/cause=200|elsewhere/i.test(request.getHeader('reason') ?? '')) this.#code = 200;
      },
      onInfo: (info) => {
        info.accept().catch(() => undefined);
        const digits = /Signal\s*=\s*([0-9A-D*#])/i.exec(info.request.body)?.[1];
        if (digits !== undefined) this.#line.hear({ kind: 'tone', leg: this, digits });
      },
    };
  }

  #talk(): void {
    this.media?.answered();
    if (this.#established || this.#quiet) return;
    this.#established = true;
    this.#line.hear({ kind: 'established', leg: this });
  }

  #end(code: Code): void {
    if (this.#over) return;
    this.#over = true;
    this.#line.forget(this);
    if (!this.#quiet) this.#line.hear({ kind: 'ended', leg: this, code });
  }

  #redirected(contact: string): void {
    const number = /sips?:([^@>;\s]+)@/i.exec(contact)?.[1];
    this.#redirects += 1;
    if (number === undefined || this.#quiet || this.#redirects > MOST_REDIRECTS) {
      this.#code = 486;
      return;
    }
    this.remote = number;
    this.session = this.#line.follow(this, this.#line.uriOf(number));
    this.#watch(this.session);
    void this.invite();
  }

  async #reinvite(hold: boolean, tries = 1): Promise<void> {
    const { code, retryAfter } = await this.#ask(hold);
    if (code < 300) {
      this.#line.hear({ kind: hold ? 'held' : 'resumed', leg: this });
      return;
    }
    const wait = waitAfter(code, retryAfter, this.session instanceof Inviter);
    if (wait === undefined || tries >= MOST_TRIES) {
      this.#line.hear({ kind: hold ? 'holdFailed' : 'resumeFailed', leg: this, code });
      return;
    }
    await this.#line.wait(wait);
    await this.#reinvite(hold, tries + 1);
  }

  #ask(hold: boolean): Promise<{ readonly code: Code; readonly retryAfter?: string | undefined }> {
    if (this.session.state !== SessionState.Established) return Promise.resolve({ code: 481 });
    return new Promise((resolve) => {
      this.session
        .invite({
          sessionDescriptionHandlerOptions: { hold } as object,
          requestDelegate: {
            onAccept: () => {
              this.media?.answered();
              resolve({ code: 200 });
            },
            onReject: ({ message }) =>
              resolve({ code: message.statusCode ?? 408, retryAfter: message.getHeader('retry-after') }),
          },
        })
        .catch(() => resolve({ code: GLARE }));
      this.session.stateChange.addListener(() => resolve({ code: 481 }));
    });
  }
}

function idOf(session: Session): string {
  return session instanceof Inviter ? session.request.callId : (session as Invitation).request.callId;
}
