import type { Signal } from '../line.ts';
import type { Passwords } from './passwords.ts';
import { reasonOfError, reasonOfStatus } from './reason.ts';
import { NO_ANSWER, Registrar, type RegistrarDecision } from './registrar.ts';
import type { UserAgent } from './sipjs.ts';

/** The delay before the first retry after a failure, in milliseconds; it doubles each time. */
export const FIRST_RETRY = 2_000;
export const LONGEST_RETRY = 120_000;
/**
 * The fraction of its lifetime after which a registration is renewed: if it were later, a lost response would let it
 * expire.
 */
const RENEW = 0.5;
/** A registration is renewed as if it held at least so long, in seconds, whatever the registrar says. */
const SHORTEST = 2;

/** The answer of a registrar that wants a longer time, and the longest it may want, in seconds (RFC 3261, 10.3). */
const TOO_BRIEF = 423;
const LONGEST = 3600;

export interface RegistrationOptions {
  /** In seconds. */
  readonly expires: number;
  readonly passwords: Passwords;
  readonly hear: (signal: Signal) => void;
}

/** Keeps a phone registered; only changes are reported. */
export class Registration {
  readonly #agent: UserAgent;
  readonly #registrar: Registrar;
  readonly #passwords: Passwords;
  readonly #hear: (signal: Signal) => void;
  #expires: number;
  #state: 'new' | 'registered' | 'failed' | 'off' = 'new';
  #timer: NodeJS.Timeout | undefined;
  #wait = FIRST_RETRY;
  #closed = false;
  #asking: Promise<RegistrarDecision> | undefined;

  constructor(agent: UserAgent, { expires, passwords, hear }: RegistrationOptions) {
    this.#agent = agent;
    this.#registrar = new Registrar(agent);
    this.#passwords = passwords;
    this.#hear = hear;
    this.#expires = expires;
  }

  /**
   * Removes what a killed process may have left at the registrar, then registers. The registrar is asked first: not every
   * one lets a phone remove all, and its 403 would not tell whether the password is wrong.
   */
  async start(): Promise<void> {
    let decision = await this.#ask(() => this.#registrar.query());
    if (decision !== undefined && decision.status < 300 && decision.holdsAny)
      decision = await this.#ask(() => this.#registrar.removeAll());
    if (decision === undefined) return;
    const { status } = decision;
    // Who has not answered that in 32 s, would not answer the next in another 32 s.
    if (status === NO_ANSWER || this.#passwords.isFinal) this.#fail(this.#reasonOf(status));
    else await this.register();
  }

  async register(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    try {
      if (!this.#agent.isConnected()) await this.#agent.reconnect();
    } catch (error) {
      this.#fail(reasonOfError(error));
      return;
    }
    const decision = await this.#ask(() => this.#request());
    if (decision === undefined) return;
    const { status, expires = this.#expires } = decision;
    if (status < 200 || status >= 300) {
      this.#fail(this.#reasonOf(status));
      return;
    }
    const isNews = this.#state !== 'registered';
    this.#state = 'registered';
    if (this.#closed) return;
    this.#wait = FIRST_RETRY;
    if (isNews) this.#hear({ kind: 'registered' });
    this.#again(Math.max(SHORTEST, Math.min(expires, this.#expires)) * 1000 * RENEW);
  }

  /** The connection to the PBX could not be made, or was lost. */
  unreachable(reason: string): void {
    this.#fail(reason);
  }

  /** Unregisters. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    const wasRegistered = this.#state === 'registered';
    this.#state = 'off';
    if (wasRegistered) await this.#ask(() => this.#registrar.register(0));
  }

  async close(): Promise<void> {
    this.#closed = true;
    // What is being registered is removed as well.
    await this.#asking;
    await this.stop();
  }

  get isRegistered(): boolean {
    return this.#state === 'registered';
  }

  /** A registrar that wants a longer time gets it, once. */
  async #request(): Promise<RegistrarDecision> {
    const decision = await this.#registrar.register(this.#expires);
    const { status, shortest = 0 } = decision;
    if (status !== TOO_BRIEF || shortest <= this.#expires || shortest > LONGEST) return decision;
    this.#expires = shortest;
    return this.#registrar.register(this.#expires);
  }

  #reasonOf(status: number): string {
    return `${reasonOfStatus(status)}${this.#passwords.isFinal ? ', not sent again' : ''}`;
  }

  #fail(reason: string): void {
    if (this.#closed) return;
    if (this.#state !== 'failed') this.#hear({ kind: 'registerFailed', reason });
    this.#state = 'failed';
    if (this.#passwords.isFinal) return;
    this.#again(this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_RETRY);
  }

  #again(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.register(), milliseconds);
    this.#timer.unref();
  }

  /** The decision; undefined if the registrar was asked something else meanwhile. */
  async #ask(ask: () => Promise<RegistrarDecision>): Promise<RegistrarDecision | undefined> {
    const asking = this.#passwords.inTurn(ask);
    this.#asking = asking;
    const decision = await asking;
    return this.#asking === asking ? decision : undefined;
  }
}
