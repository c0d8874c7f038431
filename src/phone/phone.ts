import { AtcomError } from '../errors.ts';
import { type Endpoint, hostText } from '../protocol/command-url.ts';
import { readFlag } from '../protocol/flag.ts';
import type { Model } from '../protocol/models.ts';
import { parseSequence, type Sequence, type Word } from '../protocol/sequence.ts';
import { copySettings, endpointOf, eventNamesOf, nameOf, type PhoneSettings } from '../protocol/settings.ts';
import { sharedNamesOf } from '../protocol/shared-name.ts';
import { type VerbProof, verbProof } from '../protocol/verb-events.ts';
import {
  type AnswerVia,
  answerCall,
  type DialVia,
  dialCall,
  type VerbCall,
  verbSequence,
} from '../protocol/verbs.ts';
import { splitWritten } from '../protocol/written-number.ts';
import type { EventSource } from './await-events.ts';
import { checkCall, checkPressing, checkSettings, checkWords } from './check.ts';
import { inTurn } from './in-turn.ts';
import { onceUp, pressOnceUp, readDigits } from './once-up.ts';
import { type ConfirmOptions, expectationOf, prove } from './prove.ts';
import type { PhoneReport, ProvenReport } from './report.ts';
import { type Recipient, type SendOptions, sendSequence } from './send.ts';
import type { Transport } from './transport.ts';
import { askPage, watchPage } from './web-page.ts';

/** How keys are sent, and what proves that they worked. */
export type PressOptions = SendOptions & ConfirmOptions;

/** The report: it says more if the phone's events are received. */
export type ReportOf<Options> = Options extends { readonly confirm: EventSource }
  ? ProvenReport
  : PhoneReport;

/**
 * One phone. Methods press keys and report the outcome; a request that fails is an outcome in the report, not an
 * exception. Sequences for one address are sent one after the other, even from several objects, because a phone's web
 * server is single-threaded.
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

  /**
   * @param settings - the host, and settings that differ from the defaults
   * @param transport - sends a request; replaced in tests
   * @throws {AtcomError} `invalid-address`, `unknown-model`, `usage` for any other setting that cannot be used
   */
  constructor(settings: PhoneSettings<M>, transport?: Transport) {
    checkSettings(settings);
    // A caller that uses one object for several phones must not change what those press that it has already made.
    this.settings = copySettings(settings);
    this.endpoint = endpointOf(this.settings);
    this.#transport = transport;
  }

  /** Its name, or the address by which `--to` finds it. */
  get name(): string {
    return nameOf(this.settings);
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
  press<O extends PressOptions = SendOptions>(words: readonly Word<M>[], options?: O): Promise<ReportOf<O>> {
    checkWords(words);
    return this.send(parseSequence(words, this.settings), options);
  }

  /**
   * Calls a number: `6040;DIAL`, or on a line `LINEKEY2;6040;SEND`. With `afterAnswer: '1234#'` and `confirm`, these
   * digits are pressed once the call is up, as are those in a number such as `555,1234`.
   *
   * @throws {AtcomError} `invalid-number`, also for digits after the answer without `confirm`
   */
  dial<O extends PressOptions = SendOptions>(number: string, options?: DialVia & O): Promise<ReportOf<O>> {
    const call = dialCall(number, options);
    checkCall(call);
    if (options?.confirm === undefined) return this.do(call, options);
    const split = splitWritten(number, options.afterAnswer);
    return this.do(dialCall(split.number, options), { ...options, afterAnswer: split.afterAnswer });
  }

  /** Answers the incoming call: `ANSWER`, `SPEAKER`, `HEADSET` or `SFK1`. */
  answer<O extends PressOptions = SendOptions>(options?: AnswerVia & O): Promise<ReportOf<O>> {
    return this.do(answerCall(options), options);
  }

  /** Rejects the incoming call. */
  reject<O extends PressOptions = SendOptions>(options?: O): Promise<ReportOf<O>> {
    return this.do({ form: 'reject' }, options);
  }

  /** Ends the call. */
  hangup<O extends PressOptions = SendOptions>(options?: O): Promise<ReportOf<O>> {
    return this.do({ form: 'hangup' }, options);
  }

  /** Holds the call, and calls a number if there is one. */
  hold<O extends PressOptions = SendOptions>(options?: { readonly dial?: string } & O): Promise<ReportOf<O>> {
    const number = options?.dial;
    return this.do(number === undefined ? { form: 'hold' } : { form: 'hold.dial', number }, options);
  }

  /** Resumes the held call. */
  resume<O extends PressOptions = SendOptions>(options?: O): Promise<ReportOf<O>> {
    return this.do({ form: 'resume' }, options);
  }

  /** Transfers the call: attended, as in the vendor's example, or blind. */
  transfer<O extends PressOptions = SendOptions>(
    number: string,
    options?: { readonly blind?: boolean } & O,
  ): Promise<ReportOf<O>> {
    const blind = readFlag('blind', options?.blind ?? false);
    return this.do({ form: blind ? 'transfer.blind' : 'transfer', number }, options);
  }

  /** Forwards the incoming call. */
  forward<O extends PressOptions = SendOptions>(number: string, options?: O): Promise<ReportOf<O>> {
    return this.do({ form: 'forward', number }, options);
  }

  /** Invites a number to a conference; without one, joins the calls. */
  conference<O extends PressOptions = SendOptions>(number?: string, options?: O): Promise<ReportOf<O>> {
    return this.do(
      number === undefined ? { form: 'conference' } : { form: 'conference.number', number },
      options,
    );
  }

  /** Calls the last number again. */
  redial<O extends PressOptions = SendOptions>(options?: O): Promise<ReportOf<O>> {
    return this.do({ form: 'redial' }, options);
  }

  /** Splits a conference. */
  split<O extends PressOptions = SendOptions>(options?: O): Promise<ReportOf<O>> {
    return this.do({ form: 'split' }, options);
  }

  /** Presses digits in a call, `*` and `#` too. */
  dtmf<O extends PressOptions = SendOptions>(digits: string, options?: O): Promise<ReportOf<O>> {
    return this.do({ form: 'dtmf', number: digits }, options);
  }

  /** Presses the mute key, which toggles. */
  mute<O extends PressOptions = SendOptions>(options?: O): Promise<ReportOf<O>> {
    return this.do({ form: 'mute' }, options);
  }

  /** Changes the volume by some steps; 1 by default. */
  volume<O extends PressOptions = SendOptions>(
    direction: 'up' | 'down',
    options?: { readonly times?: number } & O,
  ): Promise<ReportOf<O>> {
    return this.do({ form: `volume.${direction}`, n: options?.times ?? 1 }, options);
  }

  /** Turns do-not-disturb on or off. */
  dnd<O extends PressOptions = SendOptions>(on: boolean, options?: O): Promise<ReportOf<O>> {
    return this.do({ form: readFlag('on', on) ? 'dnd.on' : 'dnd.off' }, options);
  }

  /**
   * Reboots the phone, which takes it out of service for a while.
   *
   * @throws {AtcomError} `usage` without `destructive: true`
   */
  async reboot<O extends PressOptions = SendOptions>(
    options: { readonly destructive: true } & O,
  ): Promise<ReportOf<O>> {
    if (options?.destructive !== true) {
      const hint = 'say so: reboot({ destructive: true })';
      throw new AtcomError('usage', { reason: 'a reboot takes the phone out of service', hint });
    }
    return this.do<O>({ form: 'reboot' }, options);
  }

  /**
   * Presses the keys of a verb, such as `{ form: 'dnd.on' }`, or those of the phone's `verbs` setting. With `confirm`,
   * the verb's own event proves it, unless `wait` names another.
   *
   * @throws {AtcomError} as {@link Phone.press}; `usage` with `confirm` if no event can prove the verb
   */
  do<O extends PressOptions = SendOptions>(call: VerbCall, options?: O): Promise<ReportOf<O>> {
    checkCall(call);
    return this.sendWith(verbSequence(call, this.settings), verbProof(call.form), options);
  }

  /**
   * Sends a sequence, after anything that is still being sent to this address.
   *
   * @throws {AtcomError} `usage` with `confirm` and without `wait`: keys alone have no event of their own
   */
  send<O extends PressOptions = SendOptions>(sequence: Sequence, options?: O): Promise<ReportOf<O>> {
    return this.sendWith(sequence, undefined, options);
  }

  /**
   * Whether the phone's web server responds at the page that the vendor's web interface polls after a reboot; undefined
   * if it could not be asked, which says nothing about the phone.
   */
  async isUp(signal?: AbortSignal): Promise<boolean | undefined> {
    const page = await inTurn(this.host, () => askPage(this.#recipient, signal));
    return page === 'unknown' ? undefined : page !== 'away';
  }

  /** Sends every sequence. */
  protected async sendWith<O extends PressOptions>(
    sequence: Sequence,
    proof: VerbProof | undefined,
    given: PressOptions = {},
  ): Promise<ReportOf<O>> {
    checkPressing(sequence, given);
    const { confirm, wait, within, orAlready, afterAnswer, ...options } = given;
    // The type of the report depends on whether `confirm` is set.
    const told = (report: ProvenReport) => report as ReportOf<O>;
    const { host, settings } = this;
    const send = (given: SendOptions, keys = sequence) =>
      inTurn(host, () => sendSequence(this.#recipient, keys, given));
    if (confirm === undefined) {
      const unheard = wait !== undefined ? 'wait' : afterAnswer !== undefined ? 'afterAnswer' : undefined;
      if (unheard === undefined) return told(await send(options));
      const hint = 'say where its events come in: confirm: receiver.hub';
      throw new AtcomError('usage', { reason: `${unheard} needs a receiver`, hint });
    }
    const provable = {
      names: eventNamesOf(settings),
      unclear: sharedNamesOf(settings),
      send,
      watchPage: (signal: AbortSignal) => {
        const ask = watchPage(this.#recipient, signal);
        return () => inTurn(host, ask);
      },
    };
    if (afterAnswer !== undefined) {
      const digits = readDigits(afterAnswer, settings);
      return told(await pressOnceUp(provable, confirm, onceUp({ wait, within }), digits, options));
    }
    const expectation = expectationOf({ wait, within }, proof);
    return told(await prove(provable, confirm, expectation, { ...options, orAlready }));
  }

  get #recipient(): Recipient {
    const { name, settings, endpoint } = this;
    return { name, settings, endpoint, transport: this.#transport };
  }
}
