import { pause } from '../../abort.ts';
import type { Code, Leg, PhoneLine, Signal } from '../line.ts';
import { readAccount, type SipAccount, type SipIdentity } from './account.ts';
import { newAgent } from './agent.ts';
import { isIntercom, numberOf, refusalOf } from './incoming.ts';
import { type LegLine, SipLeg } from './leg.ts';
import { Media } from './media/description.ts';
import type { Sound } from './media/tone.ts';
import { analyse } from './media/tone.ts';
import type { MessageHead, WireLine } from './message.ts';
import { noLeg } from './no-leg.ts';
import { notifier } from './referral.ts';
import { FIRST_RETRY, LONGEST_RETRY, Registration } from './registration.ts';
import { localAddress } from './route.ts';
import { SessionTimers } from './session-timers.ts';
import { type Invitation, Inviter, type Referral, type Session, type URI, UserAgent } from './sipjs.ts';

/** The maximum number of concurrent calls; further calls are refused before the phone sees them. */
const MOST_LEGS = 8;
/** How many of the latest messages are kept. */
const MOST_WIRE = 400;
/** How often missing audio is checked, in milliseconds. */
const LOOK = 250;
/** How long to wait for a PBX to answer a BYE or an unregistration on exit, in milliseconds. */
const GOODBYE = 1000;
const VERIFY = 300;
/** How much later the last packet of that period may arrive, in milliseconds. */
const LATE = 40;

/** How many ended calls are remembered. */
const MOST_PAST = 100;

/** The audio of one leg: what is heard, and its statistics. */
export interface LegAudio {
  readonly remote: string;
  readonly callId: string;
  /** `PCMA` or `PCMU`; undefined before both sides have agreed. */
  readonly codec: string | undefined;
  /** This phone holds the call. */
  readonly held: boolean;
  readonly sound: Sound;
  readonly sent: number;
  readonly received: number;
  readonly lost: number;
  readonly jitter: number;
}

/** The line of a virtual phone at a PBX. */
export class SipLine implements PhoneLine, LegLine {
  readonly host: string;
  readonly refusal: Code;
  readonly hear: (signal: Signal) => void;
  readonly tone: number;
  readonly #account: SipAccount;
  readonly #identity: SipIdentity;
  readonly #timers = new SessionTimers(
    (callId) => [...this.#legs].find(({ id }) => id === callId),
    () => this.#running.contact.toString(),
  );
  readonly #legs = new Set<SipLeg>();
  readonly #names = new Map<string, string>();
  readonly #wire: WireLine[] = [];
  readonly #past: LegAudio[] = [];
  #agent: UserAgent | undefined;
  #registration: Registration | undefined;
  #local = '127.0.0.1';
  #watch: NodeJS.Timeout | undefined;
  readonly #ended = new AbortController();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(account: SipAccount, tone: number, hear: (signal: Signal) => void) {
    this.#identity = readAccount(account);
    this.#account = account;
    this.host = this.#identity.domain;
    this.tone = account.tone ?? tone;
    this.refusal = account.refuse ?? 486;
    this.hear = hear;
  }

  /** Opens the line and registers; resolves when the registrar has decided, whatever the result. */
  async open(): Promise<void> {
    const { signal } = this.#ended;
    for (let wait = FIRST_RETRY; !signal.aborted; wait = Math.min(wait * 2, LONGEST_RETRY)) {
      try {
        await this.#start();
        return;
      } catch (error) {
        if (wait === FIRST_RETRY) this.hear({ kind: 'registerFailed', reason: reasonOf(error) });
        await pause(wait, signal);
      }
    }
  }

  async #start(): Promise<void> {
    const { signal } = this.#ended;
    const { local, peer } = await localAddress(this.#identity.next);
    if (signal.aborted) return;
    this.#local = local;
    const agent = newAgent({
      account: this.#account,
      identity: this.#identity,
      uri: this.uriOf(this.#identity.number),
      local,
      next: { host: peer, port: this.#identity.next.port },
      gate: {
        onMessage: (head, sent) => this.#note(head, sent),
        receive: (head, message) => this.#timers.receive(head, message),
        send: (head, message) => this.#timers.send(head, message),
      },
      newMedia: (session) => this.#newMedia(session),
      onInvite: (invitation) => this.#incoming(invitation),
      onLost: () => this.#registration?.unreachable('the connection to the PBX was lost'),
    });
    try {
      await agent.start();
    } catch (error) {
      await agent.stop().catch(() => undefined);
      throw error;
    }
    if (signal.aborted) {
      await agent.transport.disconnect();
      return;
    }
    this.#agent = agent;
    this.#registration = new Registration(agent, this.#account.register ?? 60, this.hear);
    if (this.#account.silence) this.#watch = setInterval(() => this.#listen(), LOOK).unref();
    await this.#registration.start();
  }

  #newMedia(session: Session): Media {
    const legOf = () => [...this.#legs].find((leg) => leg.session === session);
    return new Media({
      host: this.#local,
      tone: this.tone,
      onDigit: (digits) => {
        const leg = legOf();
        if (leg !== undefined) this.hear({ kind: 'tone', leg, digits });
      },
      onRemoteHold: (on) => {
        const leg = legOf();
        if (leg !== undefined) this.hear({ kind: 'remoteHold', leg, on });
      },
    });
  }

  uriOf(number: string): URI {
    const uri = UserAgent.makeURI(`sip:${encodeURIComponent(number).replace(/%2A/gi, '*')}@${this.host}`);
    if (uri === undefined) throw new Error(`no SIP address for ${number}`);
    return uri;
  }

  dial(number: string, how: 'plain' | 'intercom' = 'plain'): Leg {
    if (this.#agent === undefined) return noLeg(number, this.hear);
    const extraHeaders =
      how === 'intercom'
        ? ['Call-Info: <sip:intercom>;answer-after=0', 'Alert-Info: <http://localhost>;info=alert-autoanswer']
        : [];
    const leg = this.#add(
      new SipLeg(this, new Inviter(this.#running, this.uriOf(number), { extraHeaders }), number),
    );
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
    return this.#names.get(number) ?? '';
  }

  follow(_leg: SipLeg, uri: URI): Inviter {
    return new Inviter(this.#running, uri);
  }

  inTurn(act: () => Promise<unknown>): void {
    this.#turn = this.#turn.then(act).catch(() => undefined);
  }

  wait(milliseconds: number): Promise<unknown> {
    return pause(milliseconds, this.#ended.signal);
  }

  forget(leg: SipLeg): void {
    this.#timers.forget(leg.id);
    if (!this.#legs.delete(leg)) return;
    this.#past.push(...audioOf(leg));
    if (this.#past.length > MOST_PAST) this.#past.shift();
  }

  /** The latest messages, oldest first. */
  get wire(): readonly WireLine[] {
    return this.#wire;
  }

  /** @param since - ignores audio received before this time, as of `performance.now()` */
  audio(since = performance.now() - VERIFY - LATE): readonly LegAudio[] {
    return [...this.#legs].flatMap((leg) => audioOf(leg, since));
  }

  /** The calls so far, ended ones first, with the last audio of each. */
  calls(): readonly LegAudio[] {
    return [...this.#past, ...this.audio(0)];
  }

  /** Plays this audio in the phone's calls instead of its tone. */
  say(samples: Int16Array): void {
    for (const leg of this.#legs) leg.media?.stream.speak(samples);
  }

  /** Hangs up, unregisters, and waits for the responses for at most {@link GOODBYE}. */
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
    await Promise.race([said().catch(() => undefined), pause(GOODBYE, goodbye.signal)]);
    goodbye.abort();
    this.#agent = undefined;
    for (const leg of legs) leg.media?.close();
    agent?.userAgentCore.dispose();
    await agent?.transport.disconnect().catch(() => undefined);
  }

  get #running(): UserAgent {
    if (this.#agent === undefined) throw new Error('the line is closed');
    return this.#agent;
  }

  #incoming(invitation: Invitation): void {
    const full = this.#legs.size >= MOST_LEGS ? { statusCode: 486 } : undefined;
    const refusal = refusalOf(invitation) ?? full;
    if (refusal === undefined) this.#take(invitation);
    else invitation.reject(refusal).catch(() => undefined);
  }

  #take(invitation: Invitation): void {
    const { uri, displayName } = invitation.remoteIdentity;
    const remote = numberOf(uri.user);
    this.#remember(remote, displayName);
    const leg = this.#add(new SipLeg(this, invitation, remote));
    const replaced = [...this.#legs].find(({ session }) => session === invitation.replacee);
    if (replaced !== undefined) {
      void leg.takeOver(replaced).then(() => this.hear({ kind: 'replaced', leg: replaced, by: leg }));
      return;
    }
    const how = isIntercom(invitation) ? 'intercom' : 'plain';
    this.hear({ kind: 'incoming', leg, called: this.#identity.number, how });
  }

  #add(leg: SipLeg): SipLeg {
    this.#legs.add(leg);
    return leg;
  }

  referred(leg: SipLeg, referral: Referral): void {
    void referral.accept().then(() => {
      const inviter = referral.makeInviter();
      // The notifier reports progress; sip.js would do so too early.
      (inviter as unknown as { _referred: unknown })._referred = undefined;
      const by = this.#add(new SipLeg(this, inviter, numberOf(referral.referTo.uri.user)));
      const tell = notifier(leg.session, this.#running.contact.toString());
      by.onProgress = tell;
      tell(100, 'Trying');
      this.hear({ kind: 'referred', leg, by });
      return by.invite();
    });
  }

  /** Not every caller has a name. */
  #remember(number: string, name = ''): void {
    if (this.#names.size > 1000) this.#names.clear();
    this.#names.set(number, name.slice(0, 64));
  }

  /** The other side counts as gone when it sends no audio although it should. */
  #listen(): void {
    const { silence = 0 } = this.#account;
    for (const leg of this.#legs) {
      const media = leg.media;
      if (media?.expectsAudio && performance.now() - media.stream.lastHeard > silence) leg.drop();
    }
  }

  #note({ line, method, callId }: MessageHead, sent: boolean): void {
    this.#wire.push({ time: new Date().toISOString(), sent, line, method, callId });
    if (this.#wire.length > MOST_WIRE) this.#wire.shift();
  }
}

function audioOf({ media, remote, id }: SipLeg, since = 0): readonly LegAudio[] {
  if (media === undefined) return [];
  const { stream, held } = media;
  const sound = analyse(stream.heard(VERIFY, since));
  return [{ remote, callId: id, codec: stream.codec, held, sound, ...stream.counts }];
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return `${code ?? message}`.slice(0, 64);
}
