import { AtcomError } from '../../errors.ts';
import {
  Phone,
  type PressOptions,
  type ReportOf,
  type RequestReport,
  type Transport,
} from '../../phone/index.ts';
import { formatSequence, type Sequence } from '../../protocol/sequence.ts';
import type { PhoneSettings } from '../../protocol/settings.ts';
import type { VerbProof } from '../../protocol/verb-events.ts';
import { verbSequence } from '../../protocol/verbs.ts';
import {
  afterGap,
  EventRecord,
  isInUse,
  nextState,
  type PhoneState,
  type ReportedEvent,
  UNHEARD,
} from '../../receiver/index.ts';
import type { Happening, LegAudio, WireLine } from '../../simulator/index.ts';
import { DigitLog } from './digit-log.ts';
import { EventLog } from './event-log.ts';
import { type NamedRefusal, Refusals } from './refusals.ts';

/** Something that a phone did or received, with the time of `performance.now()`. */
export type Incident =
  | { readonly kind: 'press'; readonly at: number; readonly keys: string }
  | {
      readonly kind: 'answer';
      readonly at: number;
      readonly request: RequestReport;
      readonly head: string;
      readonly body: string;
    }
  | { readonly kind: 'event'; readonly at: number; readonly event: ReportedEvent }
  /** A virtual phone took a key and did nothing; why, in words. */
  | { readonly kind: 'ignored'; readonly at: number; readonly what: string };

/** What is known of a virtual phone at a PBX, because it runs here. */
export interface PbxPhone {
  /** The tone of each phone at a PBX in this scenario, in hertz, by its role, if no other phone sends it. */
  readonly tones: ReadonlyMap<string, number>;
  /** What is heard in its calls, of what came in after a moment of `performance.now()`. */
  audio(since: number): readonly LegAudio[];
  /** Its calls so far, with how their audio arrived. */
  calls(): readonly LegAudio[];
  /** Its SIP messages so far. */
  wire(): readonly WireLine[];
  say(samples: Int16Array): void;
}

/** A phone of a running scenario. */
export interface ActorOptions {
  /** Its name in the scenario. */
  readonly role: string;
  readonly settings: PhoneSettings;
  readonly virtual: boolean;
  readonly transport?: Transport | undefined;
  readonly pbx?: PbxPhone | undefined;
  /** Its state before the scenario, as far as events were received. */
  readonly state?: PhoneState | undefined;
  /** Whether a refused request may be of it; none is by default. */
  readonly isIts?: ((refusal: NamedRefusal) => boolean) | undefined;
  /** The states of what may be this phone or another one at its address. */
  readonly unclear?: (() => readonly PhoneState[]) | undefined;
  /** Settles when all that it has reported by now was received. */
  readonly settled?: (() => Promise<unknown>) | undefined;
  /**
   * Called before each request that presses keys.
   *
   * @throws {AtcomError} why they must not be
   */
  readonly beforePress?: (() => Promise<void>) | undefined;
  /** Called with everything that happens on it. */
  readonly onIncident?: ((actor: Actor, incident: Incident) => void) | undefined;
}

/**
 * How long a phone may take to report the effect of its last key, in milliseconds. For real phones, this is an
 * assumption.
 */
export const SETTLE = 1000;
const SETTLE_VIRTUAL = 300;

/** Outcomes after which no key was pressed. */
const UNTOUCHED: ReadonlySet<RequestReport['outcome']> = new Set([
  'unreachable',
  'approval',
  'unauthorized',
  'skipped',
]);

/** An event that did not come between two times of `performance.now()`. */
interface Silent {
  readonly what: string;
  readonly from: number;
  readonly to: number;
}

/** A phone of a scenario: its keys, and what it reports. */
export class Actor extends Phone {
  readonly role: string;
  readonly virtual: boolean;
  readonly log: EventLog;
  /** What may be its own, or of another phone at its address: no proof that it reported it, nor that it did not. */
  readonly overheard: EventRecord;
  /** The digits that it received; unknown for a real phone. */
  readonly digits = new DigitLog();
  /** Of a virtual phone at a PBX. */
  readonly pbx: PbxPhone | undefined;
  #state: PhoneState;
  readonly #beforePress: ActorOptions['beforePress'];
  readonly #tell: (incident: Incident) => void;
  #pressed = false;
  #pressedAt = Number.NEGATIVE_INFINITY;
  #lastKeys = '';
  #hungUp = false;
  #flood: AtcomError | undefined;
  readonly #refusals: Refusals;
  readonly #unclear: () => readonly PhoneState[];
  readonly #silences: Silent[] = [];
  readonly #over = new AbortController();
  readonly #pending = new Set<Promise<unknown>>();

  constructor({
    role,
    settings,
    virtual,
    transport,
    pbx,
    state = UNHEARD,
    settled,
    isIts = () => false,
    unclear = () => [],
    onIncident,
    beforePress,
  }: ActorOptions) {
    super(settings, transport);
    this.#refusals = new Refusals(isIts);
    this.#unclear = unclear;
    this.log = new EventLog({ settled });
    this.overheard = new EventRecord({ settled });
    this.role = role;
    this.virtual = virtual;
    this.pbx = pbx;
    this.#state = state;
    this.#beforePress = beforePress;
    this.#tell = (incident) => onIncident?.(this, incident);
  }

  /**
   * Its own number.
   *
   * @throws {AtcomError} `usage` if the config does not have it
   */
  get extension(): `${number}` {
    const { extension } = this.settings;
    // Some contain `*`, which is a key like the digits.
    if (extension !== undefined) return extension as `${number}`;
    const hint = `set extension: for ${this.name} in the config`;
    throw new AtcomError('usage', { reason: `${this.name} has no extension`, hint });
  }

  /** Whether keys may have been pressed on it. */
  get pressed(): boolean {
    return this.#pressed;
  }

  /** Whether the last thing it accepted was to hang up, after which a person may already be using it. */
  get hungUp(): boolean {
    return this.#hungUp;
  }

  /** Whether it has reported something since its last key. Then the effect of that key may be known. */
  get #settled(): boolean {
    return this.log.latest > this.#pressedAt;
  }

  /** Whether what it has reported tells whether it is in a call after its last keys. */
  get isKnown(): boolean {
    const isTold = this.#settled || this.#atRest;
    return this.virtual || (isTold && this.refusedSince(this.#pressedAt) === undefined);
  }

  /** Whether its last keys ended a call or started none. Then it will not report a new one. */
  get #atRest(): boolean {
    return this.#lastKeys === 'RELEASE' || this.#lastKeys === this.#hangupKeys;
  }

  get #hangupKeys(): string {
    return formatSequence(verbSequence({ form: 'hangup' }, this.settings));
  }

  /**
   * Waits until it is known whether it is in a call after its last keys: its events may arrive after its response.
   *
   * @param quiet - wait until no late report can be mistaken for a later one
   */
  async comesToRest(signal: AbortSignal, { quiet = false } = {}): Promise<void> {
    const known = () => {
      if (this.inUse === false) return this.#settled || (!quiet && (this.virtual || this.#atRest));
      return !quiet && this.inUse === true && this.#settled && !this.#atRest;
    };
    const within = Math.max(
      0,
      this.#pressedAt + (this.virtual ? SETTLE_VIRTUAL : SETTLE) - performance.now(),
    );
    await this.log.until(() => known() || undefined, { within, signal });
  }

  /** Whether it has ever reported anything, as far as events were received. */
  get everHeard(): boolean {
    return this.#state.heard !== null;
  }

  /** Whether it is in use; null if it has not reported that. */
  get inUse(): boolean | null {
    return isInUse(this.#state);
  }

  /** Whether it is in no call, or leaves it within some milliseconds; the event that says so may still be in flight. */
  async becomesIdle(within: number, signal?: AbortSignal): Promise<boolean> {
    if (this.inUse !== true) return true;
    return (await this.log.until(() => this.inUse === false || undefined, { within, signal })) === true;
  }

  /**
   * Whether neither it nor what may be it is in a call, or leaves it within some milliseconds: of two phones that cannot be
   * told apart, each may be the one in a call.
   */
  async becomesFree(within: number, signal?: AbortSignal): Promise<boolean> {
    const mayBeBusy = () => this.#unclear().some(isInUse);
    const [own, others] = await Promise.all([
      this.becomesIdle(within, signal),
      mayBeBusy() ? this.overheard.until(() => !mayBeBusy() || undefined, { within, signal }) : true,
    ]);
    return own && others === true;
  }

  /** Records an event that it reported. */
  hear(event: ReportedEvent): void {
    this.#state = nextState(this.#state, event);
    this.#tell({ kind: 'event', at: performance.now(), event });
    this.log.add(event);
  }

  /**
   * An event of its own, or one overheard, for which there is no room. What can only be told from all events is unknown
   * from now on, for this reason; its state is still followed, so that it can be hung up.
   */
  miss(reason: AtcomError, own?: ReportedEvent): void {
    this.#flood ??= reason;
    if (own !== undefined) this.#state = nextState(this.#state, own);
    this.log.miss();
  }

  /** Why not all that it reported is kept. */
  get flood(): AtcomError | undefined {
    return this.#flood;
  }

  /** A request that the listener refused: if it was of this phone, nobody knows what it reported. */
  noteRefusal(refusal: NamedRefusal): void {
    if (!this.#refusals.add(refusal)) this.log.miss();
  }

  /** The last request of its that was refused since a time of `performance.now()`. */
  refusedSince(time: number): string | undefined {
    return this.#refusals.between(time, Number.POSITIVE_INFINITY);
  }

  /** That it did not report something, from a time of `performance.now()` until now, was taken as proof. */
  noteSilence(what: string, from: number): void {
    this.#silences.push({ what, from, to: performance.now() });
  }

  /** What it may have reported all the same, as far as is known now: to nobody, or in a request that was refused. */
  get unprovenSilence(): { readonly what: string; readonly refused: string | undefined } | undefined {
    for (const { what, from, to } of this.virtual ? [] : this.#silences) {
      const refused = this.#refusals.between(from, to);
      if (refused !== undefined || !this.everHeard) return { what, refused };
    }
    return undefined;
  }

  /** What it reports may not arrive. */
  noteGap(lasts: boolean): void {
    this.#state = afterGap(this.#state);
    this.log.noteGap(lasts);
  }

  #noteLoss(): void {
    this.#state = afterGap(this.#state);
    this.log.noteLoss();
  }

  /** Records an event that it reported before the first step. */
  recall(event: ReportedEvent): void {
    this.#state = nextState(this.#state, event);
    if (this.pbx !== undefined) this.#tell({ kind: 'event', at: performance.now(), event });
    this.log.recall(event);
  }

  /** Records what happens on a virtual phone besides its events. */
  witness(happening: Happening): void {
    const { kind, detail = '' } = happening;
    this.digits.note(happening);
    if (kind === 'ignored') this.#tell({ kind, at: performance.now(), what: detail });
    // As where this process stood still for seconds, and the phone no longer waited for its answer.
    else if (kind === 'reportFailed') this.#noteLoss();
  }

  /** Aborted once its part has ended: from then on, nothing of what it reports is heard. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /**
   * Ends its part: from now on it only hangs up, although a test that has reached its time limit goes on. Waits for
   * what is in flight, because only then it is known whether keys were pressed.
   */
  async exit(): Promise<void> {
    this.#over.abort(new AtcomError('skipped', { reason: 'the test is over' }));
    await Promise.allSettled(this.#pending);
  }

  /** Hangs up, also after its part has ended. */
  lastHangup(options: PressOptions): Promise<ReportOf<PressOptions>> {
    return this.#press(verbSequence({ form: 'hangup' }, this.settings), undefined, options);
  }

  protected override async sendWith<O extends PressOptions>(
    sequence: Sequence,
    proof: VerbProof | undefined,
    options?: PressOptions,
  ): Promise<ReportOf<O>> {
    const { signal } = this.#over;
    signal.throwIfAborted();
    const stop = options?.stop === undefined ? signal : AbortSignal.any([signal, options.stop]);
    const pressing = this.#press<O>(sequence, proof, { ...options, stop });
    this.#pending.add(pressing);
    return pressing.finally(() => this.#pending.delete(pressing));
  }

  async #press<O extends PressOptions>(
    sequence: Sequence,
    proof: VerbProof | undefined,
    options?: PressOptions,
  ): Promise<ReportOf<O>> {
    const report = await super.sendWith<O>(sequence, proof, {
      ...options,
      beforeSend: async () => {
        await options?.beforeSend?.();
        await this.#beforePress?.();
      },
      onSend: (keys) => {
        this.#pressedAt = performance.now();
        this.#lastKeys = keys;
        // A phone that is brought to rest reports nothing new.
        if (keys !== 'RELEASE') this.log.forget();
        this.#tell({ kind: 'press', at: this.#pressedAt, keys });
        options?.onSend?.(keys);
      },
      onRequest: (request, head, body) => {
        this.#tell({ kind: 'answer', at: performance.now(), request, head, body });
        options?.onRequest?.(request, head, body);
      },
    });
    const touched = report.requests.some(({ outcome }) => !UNTOUCHED.has(outcome));
    this.#pressed ||= touched;
    if (touched) this.#hungUp = report.outcome === 'ok' && formatSequence(sequence) === this.#hangupKeys;
    return report;
  }
}
