import type { Signal } from '../line.ts';
import { reasonOfError, reasonOfStatus } from './reason.ts';
import { Registerer, type UserAgent } from './sipjs.ts';

/** The delay before the first retry after a failure, in milliseconds; it doubles each time. */
export const FIRST_RETRY = 2_000;
export const LONGEST_RETRY = 120_000;
/**
 * The fraction of its lifetime after which a registration is renewed: if it were later, a lost response would let it
 * expire.
 */
const RENEW = 0.5;

/** The status of a request that nobody has answered. */
const NO_ANSWER = 408;

/** Keeps a phone registered; only changes are reported. */
export class Registration {
  readonly #hear: (signal: Signal) => void;
  readonly #registerer: Registerer;
  readonly #expires: number;
  #state: 'new' | 'registered' | 'failed' | 'off' = 'new';
  #timer: NodeJS.Timeout | undefined;
  #wait = FIRST_RETRY;
  #closed = false;

  readonly #agent: UserAgent;

  constructor(agent: UserAgent, expires: number, hear: (signal: Signal) => void) {
    this.#agent = agent;
    this.#hear = hear;
    this.#expires = expires;
    // sip.js would renew too late, and never after a failure, so its own renewal is disabled as far as possible.
    this.#registerer = new Registerer(agent, { expires, refreshFrequency: 99 });
  }

  /** Removes what a killed process may have left at the registrar, then registers. */
  async start(): Promise<void> {
    const status = await this.#ask(() => this.#unregister(true));
    // Who has not answered that in 32 s, would not answer the next in another 32 s.
    if (status === NO_ANSWER) this.#fail(reasonOfStatus(status));
    else await this.register();
  }

  async register(): Promise<void> {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    try {
      if (!this.#agent.isConnected()) await this.#agent.reconnect();
    } catch (error) {
      this.#fail(reasonOfError(error));
      return;
    }
    const status = await this.#ask((requestDelegate) => this.#registerer.register({ requestDelegate }));
    if (this.#closed) return;
    if (status >= 200 && status < 300) {
      this.#wait = FIRST_RETRY;
      if (this.#state !== 'registered') this.#hear({ kind: 'registered' });
      this.#state = 'registered';
      this.#again(this.#expires * 1000 * RENEW);
    } else this.#fail(reasonOfStatus(status));
  }

  #fail(reason: string): void {
    if (this.#closed) return;
    if (this.#state !== 'failed') this.#hear({ kind: 'registerFailed', reason });
    this.#state = 'failed';
    this.#again(this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_RETRY);
  }

  /** The connection to the PBX could not be made, or was lost. */
  unreachable(reason: string): void {
    this.#fail(reason);
  }

  /** Unregisters. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#state !== 'registered') return;
    this.#state = 'off';
    await this.#ask(() => this.#unregister(false));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.stop();
    await this.#registerer.dispose().catch(() => undefined);
  }

  get isRegistered(): boolean {
    return this.#state === 'registered';
  }

  #again(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.register(), milliseconds);
    this.#timer.unref();
  }

  #unregister(all: boolean) {
    return this.#registerer.unregister({ all, requestDelegate: this.#delegate });
  }

  #delegate: Delegate = {};

  /** The status of the response; 0 if the request could not be sent, 408 if there was no response. */
  #ask(send: (delegate: Delegate) => Promise<unknown>): Promise<number> {
    return new Promise((resolve) => {
      const settle = ({ message }: Answer) => resolve(message.statusCode ?? NO_ANSWER);
      this.#delegate = { onAccept: settle, onReject: settle };
      send(this.#delegate).catch(() => resolve(0));
    });
  }
}

interface Answer {
  readonly message: { readonly statusCode?: number | undefined };
}
interface Delegate {
  onAccept?: (answer: Answer) => void;
  onReject?: (answer: Answer) => void;
}
