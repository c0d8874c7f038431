import { onAbort, pause } from '../../abort.ts';
import type { Code, Leg, PhoneLine, Signal } from '../line.ts';
import { readAccount, type SipAccount, type SipIdentity } from './account.ts';
import { newAgent } from './agent.ts';
import { Arrivals } from './arrivals.ts';
import { LONGEST_NUMBER } from './incoming.ts';
import { type LegLine, SipLeg } from './leg.ts';
import { type LegAudio, Legs } from './legs.ts';
import { Media } from './media/description.ts';
import type { MessageHead, WireLine } from './message.ts';
import { MessageLog } from './message-log.ts';
import { answerToMethod, corrected } from './methods.ts';
import { noLeg } from './no-leg.ts';
import { Passwords } from './passwords.ts';
import { reasonOfError } from './reason.ts';
import { FIRST_RETRY, LONGEST_RETRY, Registration } from './registration.ts';
import { Requests } from './requests.ts';
import { localAddress } from './route.ts';
import { SessionTimers } from './session-timers.ts';
import { Inviter, type Referral, type Session, type URI, UserAgent } from './sipjs.ts';
import { leaveTone, type Tone, takeTone } from './tones.ts';

/** How often missing audio is checked, in milliseconds. */
const LOOK = 250;
/** How long to wait for a PBX to answer a BYE or an unregistration on exit, in milliseconds. */
const GOODBYE = 1000;
/** The same where the PBX has never taken this phone, and may be dead. */
const NO_GOODBYE = 250;

/** The codes for a call that cannot be sent, and for a number that nobody has. */
const UNAVAILABLE: Code = 503;
const INCOMPLETE: Code = 484;

/** The line of a virtual phone at a PBX. */
export class SipLine implements PhoneLine, LegLine {
  readonly host: string;
  readonly refusal: Code;
  readonly hear: (signal: Signal) => void;
  readonly #account: SipAccount;
  readonly #identity: SipIdentity;
  readonly #timers = new SessionTimers(
    (callId) => this.#requestsOf(callId),
    () => this.#running.contact.toString(),
  );
  readonly #legs = new Legs();
  readonly #arrivals: Arrivals;
  readonly #wire = new MessageLog();
  #agent: UserAgent | undefined;
  #registration: Registration | undefined;
  #passwords: Passwords | undefined;
  #tone: Tone | undefined;
  #local = '127.0.0.1';
  #watch: NodeJS.Timeout | undefined;
  readonly #ended = new AbortController();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(account: SipAccount, hear: (signal: Signal) => void) {
    this.#identity = readAccount(account);
    this.#account = account;
    this.host = this.#identity.domain;
    this.refusal = account.refuse ?? 486;
    this.hear = hear;
    this.#arrivals = new Arrivals(this, this.#legs, this.#identity.number);
  }

  /** Opens the line and registers; resolves when the registrar has decided, whatever the result. */
  async open(): Promise<void> {
    const { signal } = this.#ended;
    this.#tone = takeTone(this.#identity.number, this.#account.tone);
    for (let wait = FIRST_RETRY; !signal.aborted; wait = Math.min(wait * 2, LONGEST_RETRY)) {
      try {
        await this.#start();
        return;
      } catch (error) {
        if (wait === FIRST_RETRY && !signal.aborted)
          this.hear({ kind: 'registerFailed', reason: reasonOfError(error) });
        await pause(wait, signal);
      }
    }
  }

  async #start(): Promise<void> {
    const { signal } = this.#ended;
    const { local, peer } = await localAddress(this.#identity.next);
    if (signal.aborted) return;
    this.#local = local;
    const { number } = this.#identity;
    const { user = number, password, register: expires = 60 } = this.#account;
    const next = { host: peer, port: this.#identity.next.port };
    const passwords = new Passwords(next, this.#identity, user, password);
    this.#passwords = passwords;
    const agent = newAgent({
      account: this.#account,
      identity: this.#identity,
      uri: this.uriOf(number),
      local,
      next,
      passwords,
      gate: {
        onMessage: (head, sent) => this.#wire.note(head, sent),
        receive: (head, message) => {
          passwords.received(head, message);
          return this.#answerTo(head, message);
        },
        isOfCall: (callId) => this.#legs.ofCall(callId) !== undefined,
        send: (head, message) => corrected(this.#timers.send(head, passwords.sent(head, message))),
      },
      isWanted: (callId) => this.#legs.ofCall(callId)?.isEnding !== true,
      newMedia: (session) => this.#newMedia(session),
      onInvite: (invitation) => this.#arrivals.invited(invitation),
      onLost: (reason) => this.#registration?.unreachable(reason),
    });
    const forget = onAbort(signal, () => void agent.transport.disconnect());
    try {
      await agent.start();
    } catch (error) {
      await agent.stop().catch(() => undefined);
      throw error;
    } finally {
      forget();
    }
    if (signal.aborted) {
      await agent.transport.disconnect();
      return;
    }
    this.#agent = agent;
    this.#registration = new Registration(agent, { expires, passwords, hear: this.hear });
    const { silence = 0 } = this.#account;
    if (silence > 0) this.#watch = setInterval(() => this.#legs.dropSilent(silence), LOOK).unref();
    await this.#registration.start();
  }

  #newMedia(session: Session): Media {
    const tell = (signalOf: (leg: SipLeg) => Signal) => {
      const leg = this.#legs.ofSession(session);
      if (leg !== undefined) this.hear(signalOf(leg));
    };
    return new Media({
      host: this.#local,
      tone: this.#tone?.hertz ?? 0,
      onDigit: (digits) => tell((leg) => ({ kind: 'tone', leg, digits })),
      onRemoteHold: (on) => tell((leg) => ({ kind: 'remoteHold', leg, on })),
    });
  }

  uriOf(number: string): URI {
    const uri = UserAgent.makeURI(`sip:${encodeURIComponent(number).replace(/%2A/gi, '*')}@${this.host}`);
    if (uri === undefined) throw new Error(`no SIP address for ${number}`);
    return uri;
  }

  dial(number: string, how: 'plain' | 'intercom' = 'plain'): Leg {
    if (this.#agent === undefined) return noLeg(number, UNAVAILABLE, this.hear);
    if (number.length > LONGEST_NUMBER) return noLeg(number.slice(0, LONGEST_NUMBER), INCOMPLETE, this.hear);
    const extraHeaders =
      how === 'intercom'
        ? ['Call-Info: <sip:intercom>;answer-after=0', 'Alert-Info: <http://localhost>;info=alert-autoanswer']
        : [];
    const inviter = new Inviter(this.#running, this.uriOf(number), { extraHeaders });
    const leg = this.#legs.add(new SipLeg(this, inviter, number));
    this.inTurn(async () => void leg.invite());
    return leg;
  }

  /** The feature code of FreePBX and others; Asterisk itself has none. */
  pickUp(number: string): Leg {
    return this.dial(`**${number}`);
  }

  restart(): void {
    this.inTurn(async () => {
      await this.#registration?.stop();
      this.hear({ kind: 'unregistered' });
      await this.#registration?.register();
    });
  }

  nameOf(number: string): string {
    return this.#arrivals.nameOf(number);
  }

  follow(uri: URI): Inviter {
    return new Inviter(this.#running, uri);
  }

  inTurn(act: () => Promise<unknown>): void {
    this.#turn = this.#turn.then(act).catch(() => undefined);
  }

  wait(milliseconds: number, signal?: AbortSignal): Promise<unknown> {
    return pause(milliseconds, this.#ended.signal, signal);
  }

  cancelled(number: string): Promise<unknown> {
    return Promise.all(this.#legs.endingTo(number).map((leg) => leg.over()));
  }

  forget(leg: SipLeg): void {
    this.#timers.forget(leg.id);
    this.#legs.delete(leg);
  }

  /** What it sends from its opening on. */
  get tone(): Tone | undefined {
    return this.#tone;
  }

  /** The latest messages, oldest first. */
  get wire(): readonly WireLine[] {
    return this.#wire.lines;
  }

  audio(since?: number): readonly LegAudio[] {
    return this.#legs.audio(since);
  }

  /** The calls so far, ended ones first, with the last audio of each. */
  calls(): readonly LegAudio[] {
    return this.#legs.calls();
  }

  /** Plays this audio in the phone's calls instead of its tone. */
  say(samples: Int16Array): void {
    for (const leg of this.#legs) leg.media?.stream.speak(samples);
  }

  /** Hangs up, unregisters, and waits for the responses, but not long. */
  async close(): Promise<void> {
    this.#ended.abort();
    clearInterval(this.#watch);
    const agent = this.#agent;
    const legs = [...this.#legs];
    for (const leg of legs) leg.end();
    const goodbye = new AbortController();
    const said = async () => {
      await this.#registration?.close();
      await agent?.stop();
    };
    const time = this.#registration?.isRegistered === true || legs.length > 0 ? GOODBYE : NO_GOODBYE;
    await Promise.race([said().catch(() => undefined), pause(time, goodbye.signal)]);
    goodbye.abort();
    this.#agent = undefined;
    for (const leg of legs) leg.media?.close();
    try {
      agent?.userAgentCore.dispose();
    } catch {
      // What sip.js cannot put away must keep neither the process nor its ports.
    }
    this.#passwords?.close();
    await agent?.transport.disconnect().catch(() => undefined);
    if (this.#tone !== undefined) leaveTone(this.#tone);
  }

  get #running(): UserAgent {
    if (this.#agent === undefined) throw new Error('the line is closed');
    return this.#agent;
  }

  referred(leg: SipLeg, referral: Referral): void {
    this.#arrivals.referred(leg, referral, this.#running.contact.toString());
  }

  #answerTo(head: MessageHead, message: string): string | undefined {
    if (head.status !== undefined) return undefined;
    const call = this.#requestsOf(head.callId);
    return answerToMethod(head, message, call) ?? this.#timers.receive(head, message);
  }

  #requestsOf(callId: string): Requests | undefined {
    const leg = this.#legs.ofCall(callId);
    return leg === undefined ? undefined : new Requests(leg);
  }
}
