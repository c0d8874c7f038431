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
import { isInUse, nextState, type PhoneState, type ReportedEvent, UNHEARD } from '../../receiver/index.ts';
import { EventLog } from './event-log.ts';

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
  | { readonly kind: 'event'; readonly at: number; readonly event: ReportedEvent };

/** A phone of a running scenario. */
export interface ActorOptions {
  /** Its name in the scenario. */
  readonly role: string;
  readonly settings: PhoneSettings;
  readonly virtual: boolean;
  readonly transport?: Transport | undefined;
  /** What it told of itself before the scenario, as far as somebody was listening. */
  readonly state?: PhoneState | undefined;
  /** Called with everything that happens on it. */
  readonly onIncident?: ((actor: Actor, incident: Incident) => void) | undefined;
}

/** Milliseconds in which a phone reports what its last key did. For real phones, this is an assumption. */
export const SETTLE = 1000;
const SETTLE_VIRTUAL = 300;

/** After these, no key was pressed. */
const UNTOUCHED: ReadonlySet<RequestReport['outcome']> = new Set([
  'unreachable',
  'approval',
  'unauthorized',
  'skipped',
]);

/** A phone of a scenario: its keys, and what it reports. */
export class Actor extends Phone {
  readonly role: string;
  readonly virtual: boolean;
  readonly log = new EventLog();
  #state: PhoneState;
  readonly #tell: (incident: Incident) => void;
  #pressed = false;
  #pressedAt = Number.NEGATIVE_INFINITY;
  #lastKeys = '';

  constructor({ role, settings, virtual, transport, state = UNHEARD, onIncident }: ActorOptions) {
    super(settings, transport);
    this.role = role;
    this.virtual = virtual;
    this.#state = state;
    this.#tell = (incident) => onIncident?.(this, incident);
  }

  /**
   * Its own number.
   *
   * @throws {AtcomError} `usage` if the config does not say it
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

  /** Whether it has reported something since its last key. Then the effect of that key may be known. */
  get #settled(): boolean {
    return (this.log.heard.at(-1)?.at ?? 0) > this.#pressedAt;
  }

  /** Whether its last keys ended a call or began none. Then it will not report a new one. */
  get #atRest(): boolean {
    return this.#lastKeys === 'RELEASE' || this.#lastKeys === this.#hangupKeys;
  }

  get #hangupKeys(): string {
    return formatSequence(verbSequence({ form: 'hangup' }, this.settings));
  }

  /**
   * Waits until it is known whether it is in a call after its last keys: its reports may arrive after its answer.
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

  /** Whether it has ever reported anything, as far as somebody was listening. */
  get everHeard(): boolean {
    return this.#state.heard !== null;
  }

  /** Whether it is in use; null where it has not told. */
  get inUse(): boolean | null {
    return isInUse(this.#state);
  }

  /** Whether it is in no call, or gets out of it within some milliseconds; what it reports of that may be on its way. */
  async becomesIdle(within: number, signal?: AbortSignal): Promise<boolean> {
    if (this.inUse !== true) return true;
    return (await this.log.until(() => this.inUse === false || undefined, { within, signal })) === true;
  }

  /** Records an event that it reported. */
  hear(event: ReportedEvent): void {
    this.#state = nextState(this.#state, event);
    this.#tell({ kind: 'event', at: performance.now(), event });
    this.log.add(event);
  }

  protected override async sendWith<O extends PressOptions>(
    sequence: Sequence,
    proof: VerbProof | undefined,
    options?: PressOptions,
  ): Promise<ReportOf<O>> {
    const report = await super.sendWith<O>(sequence, proof, {
      ...options,
      onSend: (keys) => {
        this.#pressedAt = performance.now();
        this.#lastKeys = keys;
        this.#tell({ kind: 'press', at: this.#pressedAt, keys });
        options?.onSend?.(keys);
      },
      onRequest: (request, head, body) => {
        this.#tell({ kind: 'answer', at: performance.now(), request, head, body });
        options?.onRequest?.(request, head, body);
      },
    });
    this.#pressed ||= report.requests.some(({ outcome }) => !UNTOUCHED.has(outcome));
    return report;
  }
}
