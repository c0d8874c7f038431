import { setTimeout as sleep } from 'node:timers/promises';
import { AtcomError } from '../errors.ts';
import { type Endpoint, hostText } from '../protocol/command-url.ts';
import type { Model } from '../protocol/models.ts';
import { type PlannedRequest, planRequests } from '../protocol/plan.ts';
import { parseSequence, type Sequence, type Word } from '../protocol/sequence.ts';
import { DEFAULT_TIMEOUT, endpointOf, type PhoneSettings } from '../protocol/settings.ts';
import {
  type AnswerVia,
  answerCall,
  type DialVia,
  dialCall,
  type VerbCall,
  verbSequence,
} from '../protocol/verbs.ts';
import { exchange } from '../transport/exchange.ts';
import type { PhoneReport, RequestOutcome, RequestReport } from './report.ts';
import { sendCommand, type Transport } from './request.ts';

/** How a sequence is sent. */
export interface SendOptions {
  /** Aborts the request in flight and the pauses. What had not been sent is reported as `skipped`. */
  readonly signal?: AbortSignal | undefined;
  /** Sends nothing new once aborted, but lets the request in flight finish. */
  readonly stop?: AbortSignal | undefined;
  /** How often an `unreachable` request is sent again; 0 by default. Nothing arrived, so no key is pressed twice. */
  readonly retry?: number | undefined;
  /** Milliseconds to keep trying while the phone shows its prompt; 0 by default. Until then, it presses no key. */
  readonly waitApproval?: number | undefined;
  /** Called when a request begins, with the keys that it presses. */
  readonly onSend?: ((keys: string) => void) | undefined;
  /** Called after each request, with the unchanged head of the answer. Neither contains credentials. */
  readonly onRequest?: ((report: RequestReport, head: string) => void) | undefined;
}

/** Milliseconds between two attempts, while a person walks to the phone or while the phone is unreachable. */
const TRY_AGAIN = 1000;

/**
 * One phone. Its methods press keys and return what is known afterwards. A request that fails is an outcome in the
 * report, not an exception. Sequences of one phone are sent one after the other, because its web server is
 * single-threaded.
 *
 * @example
 * ```ts
 * import { Phone } from 'atcom';
 *
 * const phone = new Phone({ host: '127.0.0.1:7001', model: 'A21' });
 * const report = await phone.dial('6002', { line: 2 });
 * if (report.outcome === 'approval') console.log('press Save on the phone');
 * else if (report.outcome !== 'ok') console.log(report.error.message);
 * ```
 */
export class Phone<M extends Model = Model> {
  readonly settings: PhoneSettings<M>;
  readonly endpoint: Endpoint;
  readonly #transport: Transport | undefined;
  #idle: Promise<unknown> = Promise.resolve();

  /**
   * @param settings - its host, and what differs from the defaults
   * @param transport - sends a request; for tests
   * @throws {AtcomError} `invalid-address`
   */
  constructor(settings: PhoneSettings<M>, transport?: Transport) {
    this.settings = settings;
    this.endpoint = endpointOf(settings);
    this.#transport = transport;
  }

  /** Its name, or its host. */
  get name(): string {
    return this.settings.name ?? this.host;
  }

  /** `host`, or `host:port`. */
  get host(): string {
    return hostText(this.endpoint);
  }

  /**
   * Presses keys: tokens, numbers, `VOLUME_UP*3`, `wait:500ms`.
   *
   * @throws {AtcomError} `unknown-key`, `key-not-on-model` and other codes of bad input; then nothing was sent
   */
  press(words: readonly Word<M>[], options?: SendOptions): Promise<PhoneReport> {
    return this.send(parseSequence(words, this.settings), options);
  }

  /** Calls a number: `6040;DIAL`, or on a line `LINEKEY2;6040;SEND`. */
  dial(
    number: string,
    { line, speaker, headset, ...options }: DialVia & SendOptions = {},
  ): Promise<PhoneReport> {
    return this.do(dialCall(number, { line, speaker, headset }), options);
  }

  /** Answers the incoming call: `ANSWER`, `SPEAKER`, `HEADSET` or `SFK1`. */
  answer({ speaker, headset, softkey, ...options }: AnswerVia & SendOptions = {}): Promise<PhoneReport> {
    return this.do(answerCall({ speaker, headset, softkey }), options);
  }

  /** Rejects the incoming call. */
  reject(options?: SendOptions): Promise<PhoneReport> {
    return this.do({ form: 'reject' }, options);
  }

  /** Ends the call. */
  hangup(options?: SendOptions): Promise<PhoneReport> {
    return this.do({ form: 'hangup' }, options);
  }

  /** Holds the call, and calls a number if there is one. */
  hold({ dial, ...options }: { readonly dial?: string } & SendOptions = {}): Promise<PhoneReport> {
    return this.do(dial === undefined ? { form: 'hold' } : { form: 'hold.dial', number: dial }, options);
  }

  /** Resumes the held call. */
  resume(options?: SendOptions): Promise<PhoneReport> {
    return this.do({ form: 'resume' }, options);
  }

  /** Transfers the call: attended, as in the document's example, or blind. */
  transfer(
    number: string,
    { blind, ...options }: { readonly blind?: boolean } & SendOptions = {},
  ): Promise<PhoneReport> {
    return this.do({ form: blind === true ? 'transfer.blind' : 'transfer', number }, options);
  }

  /** Forwards the incoming call. */
  forward(number: string, options?: SendOptions): Promise<PhoneReport> {
    return this.do({ form: 'forward', number }, options);
  }

  /** Invites a number to a conference; without one, joins the calls. */
  conference(number?: string, options?: SendOptions): Promise<PhoneReport> {
    return this.do(
      number === undefined ? { form: 'conference' } : { form: 'conference.number', number },
      options,
    );
  }

  /**
   * Presses the keys of a verb, such as `{ form: 'dnd.on' }`, or what the phone's `verbs` setting says instead.
   *
   * @throws {AtcomError} as {@link Phone.press}
   */
  do(call: VerbCall, options?: SendOptions): Promise<PhoneReport> {
    return this.send(verbSequence(call, this.settings), options);
  }

  /** Whether the phone's web server answers, at the page that the vendor's web interface asks for after a reboot. */
  isUp(signal?: AbortSignal): Promise<boolean> {
    // One request at a time: its web server is single-threaded.
    const up = this.#idle.then(() => this.#ask(signal));
    this.#idle = up.catch(() => undefined);
    return up;
  }

  async #ask(signal: AbortSignal | undefined): Promise<boolean> {
    const { tls, timeout = DEFAULT_TIMEOUT } = this.settings;
    const send = this.#transport ?? exchange;
    const result = await send({
      endpoint: this.endpoint,
      path: '/cgi-bin/server_test.cgi',
      timeout,
      tls,
      signal,
    });
    return result.kind === 'answer';
  }

  /** Sends a sequence, after those that are still being sent to this phone. */
  send(sequence: Sequence, options: SendOptions = {}): Promise<PhoneReport> {
    const report = this.#idle.then(() => this.#run(sequence, options));
    this.#idle = report.catch(() => undefined);
    return report;
  }

  async #run(sequence: Sequence, options: SendOptions): Promise<PhoneReport> {
    const started = performance.now();
    const requests: RequestReport[] = [];
    const plan = planRequests(this.settings, sequence);
    let failure: Failure | undefined;
    for (const planned of plan) {
      const { after, url } = planned;
      if (failure === undefined && !(await pause(after, options))) failure = stopped();
      if (failure !== undefined) {
        requests.push({ url, outcome: 'skipped', ms: 0 });
        continue;
      }
      const { report, error } = await this.#sendPatiently(planned, options);
      requests.push(report);
      if (report.outcome !== 'ok' && error !== undefined) failure = { outcome: report.outcome, error };
    }
    const ms = Math.round(performance.now() - started);
    const base = { phone: this.name, host: this.host };
    if (failure === undefined) return { ...base, outcome: 'ok', ms, requests };
    const done = requests.filter(({ outcome }) => outcome === 'ok').length;
    return {
      ...base,
      outcome: failure.outcome,
      ms,
      requests,
      error: partly(failure.error, done, plan.length),
    };
  }

  /** Sends one request; again only if nothing was delivered or the phone still asks, as the options allow. */
  async #sendPatiently(planned: PlannedRequest, options: SendOptions) {
    const { settings, endpoint } = this;
    const { signal, retry = 0, waitApproval = 0 } = options;
    const giveUp = performance.now() + waitApproval;
    for (let retries = 0; ; ) {
      options.onSend?.(planned.key);
      const result = await sendCommand({ settings, endpoint, planned, signal, transport: this.#transport });
      options.onRequest?.(result.report, result.head);
      const { outcome } = result.report;
      const asksOn = outcome === 'approval' && performance.now() < giveUp;
      const notReached = outcome === 'unreachable' && retries < retry;
      if (
        !(asksOn || notReached) ||
        !(await pause(asksOn ? Math.min(TRY_AGAIN, giveUp - performance.now()) : TRY_AGAIN, options))
      )
        return result;
      if (notReached) retries += 1;
    }
  }
}

/** Waits, and returns whether to go on: false once the run is stopped. */
async function pause(ms: number, { signal, stop }: SendOptions): Promise<boolean> {
  const signals = [signal, stop].filter((given) => given !== undefined);
  if (ms > 0) await sleep(ms, undefined, { signal: AbortSignal.any(signals) }).catch(() => undefined);
  return !signals.some(({ aborted }) => aborted);
}

interface Failure {
  readonly outcome: Exclude<RequestOutcome, 'ok'>;
  readonly error: AtcomError;
}

function stopped(): Failure {
  return { outcome: 'skipped', error: new AtcomError('skipped', { reason: 'the run was stopped' }) };
}

/** If earlier requests of a sequence succeeded, sending all of it again would press their keys twice. */
function partly(cause: AtcomError, done: number, total: number): AtcomError {
  if (done === 0) return cause;
  return new AtcomError('partly-sent', { done, total, reason: cause.message }, { cause });
}
