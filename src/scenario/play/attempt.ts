import { setMaxListeners } from 'node:events';
import { AtcomError } from '../../errors.ts';
import type { SendOptions } from '../../phone/index.ts';
import { formatDuration } from '../../protocol/duration.ts';
import type { PhoneSettings } from '../../protocol/settings.ts';
import { verbSequence } from '../../protocol/verbs.ts';
import type { Attempt, AttemptStatus, StepResult, TraceEntry } from '../result.ts';
import type { LeafStep, Phase, Scenario, Step } from '../scenario.ts';
import type { Actor, Incident } from './actor.ts';
import { EventRoom, OF_STEPS } from './event-room.ts';
import { endCalls, findInCall } from './in-call.ts';
import { expectedToFail } from './pbx-record.ts';
import { perform, type Scene } from './perform.ts';
import { AttemptRecord } from './record.ts';
import { openStage, type StageOptions } from './stage.ts';
import { findUnproven } from './unproven.ts';

/** What an attempt needs. */
export interface AttemptOptions extends Pick<StageOptions, 'listen' | 'transport' | 'beforePress' | 'room'> {
  /** Ctrl-C: ends setup and steps, but never cleanup. Its reason is the error of the attempt. */
  readonly signal: AbortSignal;
  readonly force: boolean;
  /** A phone on a command line that somebody is told to run; its name by default. */
  readonly target?: ((settings: PhoneSettings) => string) | undefined;
  /** Called after each request, with the unchanged head of the answer. */
  readonly onRequest?: SendOptions['onRequest'];
  /** Called when a step begins. */
  readonly onStep?: ((scenario: Scenario, text: string) => void) | undefined;
}

/** Runs a scenario once. Failures are in the result. Cleanup always runs. */
export async function runAttempt(scenario: Scenario, options: AttemptOptions): Promise<Attempt> {
  return new Run(scenario, options).result();
}

/** Milliseconds for hanging up phones that are still in a call after cleanup. */
const HANG_UP = 15_000;

class Run {
  readonly #scenario: Scenario;
  readonly #options: AttemptOptions;
  readonly #record: AttemptRecord;
  #actors: ReadonlyMap<string, Actor> = new Map();
  /** The roles of phones of which nobody knows whether they are in a call. */
  #unclear: readonly string[] = [];
  /** What ended it. */
  #error: AtcomError | undefined;
  #verdict: AttemptStatus = 'error';

  constructor(scenario: Scenario, options: AttemptOptions) {
    this.#scenario = scenario;
    this.#options = options;
    this.#record = new AttemptRecord(new EventRoom(OF_STEPS, options.room));
  }

  async result(): Promise<Attempt> {
    const { roles, simulator } = this.#scenario;
    const { listen, transport, signal, beforePress, room } = this.#options;
    const onIncident = (actor: Actor, incident: Incident) => {
      this.#record.note(actor, incident);
      if (incident.kind === 'answer')
        this.#options.onRequest?.(incident.request, incident.head, incident.body);
    };
    const unregistered = expectedToFail(this.#scenario);
    const stage = await openStage({
      roles,
      simulator,
      listen,
      transport,
      unregistered,
      onIncident,
      beforePress,
      room,
      signal,
    });
    try {
      this.#actors = stage.actors;
      this.#unclear = [...stage.actors.values()].flatMap(({ role, virtual, inUse }) =>
        !virtual && inUse === null ? [role] : [],
      );
      // Also after a bug, no phone stays in a call.
      await this.#play(AbortSignal.any([signal, stage.deaf])).finally(() => this.#cleanUp());
      this.#doubt();
      this.#record.notePbx(stage.actors);
    } finally {
      await stage.close();
    }
    const { date, ms, steps, trace, audio } = this.#record;
    const perhapsInCall = this.#unclear.filter((role) => !trace.some((entry) => showsIdle(entry, role)));
    return {
      verdict: this.#verdict,
      started: date.toISOString(),
      ms,
      steps,
      trace,
      ...(audio.length === 0 ? {} : { audio }),
      ...(perhapsInCall.length === 0 ? {} : { perhapsInCall }),
      error: this.#error,
    };
  }

  async #play(signal: AbortSignal): Promise<void> {
    const { timeout } = this.#scenario;
    const { force, target } = this.#options;
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), timeout);
    const scene: Scene = {
      actors: this.#actors,
      signal: manyWait(AbortSignal.any([signal, limit.signal])),
      force,
      target,
    };
    if (!force) await this.#leaveOthersAlone(scene);
    for (const phase of ['setup', 'steps'] as const) await this.#phase(phase, scene);
    clearTimeout(timer);
    if (signal.aborted) this.#end(signal.reason);
    else if (limit.signal.aborted) {
      this.#end(
        new AtcomError('scenario-timeout', { what: 'the scenario', timeout: formatDuration(timeout) }),
        'failed',
      );
    } else if (this.#error === undefined) {
      this.#verdict = 'passed';
      this.#doubt();
    }
  }

  /** That a phone was silent may prove nothing after all. */
  #doubt(): void {
    const doubt = findUnproven(this.#actors.values(), this.#options);
    if (doubt !== undefined) this.#end(doubt);
  }

  /** If a phone is in a call that this scenario did not make, no phone is touched. */
  async #leaveOthersAlone({ signal }: Scene): Promise<void> {
    const phone = (await findInCall(this.#actors.values(), signal))?.name;
    if (phone !== undefined && !signal.aborted) this.#end(new AtcomError('phone-in-call', { phone }));
  }

  /** Tries every step of cleanup, whatever happened before. Then every phone that is still in a call hangs up. */
  async #cleanUp(): Promise<void> {
    const { cleanupTimeout, cleanup } = this.#scenario;
    // Nothing was touched.
    if ([...this.#actors.values()].every(({ pressed }) => !pressed)) {
      this.#record.skip('cleanup', cleanup);
      return;
    }
    const scene = {
      actors: this.#actors,
      signal: manyWait(AbortSignal.timeout(cleanupTimeout)),
      force: true,
      target: this.#options.target,
    };
    for (const [index, step] of cleanup.entries()) await this.#step('cleanup', index + 1, step, scene);
    if (scene.signal.aborted) {
      const limit = formatDuration(cleanupTimeout);
      this.#end(new AtcomError('scenario-timeout', { what: 'its cleanup', timeout: limit }), 'failed');
    }
    // However long cleanup took: a phone left in a call costs more than a few seconds.
    await this.#hangUp({ ...scene, signal: manyWait(AbortSignal.timeout(HANG_UP)) });
  }

  async #hangUp(scene: Scene): Promise<void> {
    const { signal } = scene;
    let number = this.#scenario.cleanup.length;
    const hangUp = (left: readonly Actor[]) => {
      number += 1;
      const leaves = left.map((actor) => this.#hangUpLeaf(actor));
      return this.#step('cleanup', number, { join: 'each', leaves }, scene);
    };
    await endCalls(this.#actors.values(), { failed: this.#verdict !== 'passed', signal, hangUp });
  }

  #hangUpLeaf({ role, settings, inUse }: Actor): LeafStep {
    const text = `${role}: hangup, ${inUse === true ? 'because it is still in a call' : 'in case it is in a call'}`;
    const sequence = verbSequence({ form: 'hangup' }, settings);
    return { kind: 'press', role, sequence, text, place: this.#scenario.place, options: {} };
  }

  async #phase(phase: Phase, scene: Scene): Promise<void> {
    const steps = this.#scenario[phase];
    for (const [index, step] of steps.entries()) {
      if (this.#error !== undefined || scene.signal.aborted) {
        this.#record.skip(phase, steps, index);
        return;
      }
      await this.#step(phase, index + 1, step, scene);
    }
  }

  /** Runs the leaves of a step at the same time. It ends when all have ended or, with `first`, when one was met. */
  async #step(phase: Phase, number: number, { join, leaves }: Step, scene: Scene): Promise<void> {
    const met = new AbortController();
    const signal = join === 'first' ? manyWait(AbortSignal.any([scene.signal, met.signal])) : scene.signal;
    const results = await Promise.all(
      leaves.map(async (leaf) => {
        this.#options.onStep?.(this.#scenario, leaf.text);
        const at = performance.now();
        const performed = await perform(leaf, { ...scene, signal });
        if (join === 'first' && performed.status === 'passed') met.abort();
        return this.#record.resultOf({ phase, number }, leaf, at, performed, this.#actors);
      }),
    );
    const one = join === 'first' && results.some(({ status }) => status === 'passed');
    // The other leaves of `any` do not matter any more.
    this.#record.steps.push(
      ...results.map((result) => (one && result.status !== 'passed' ? needless(result) : result)),
    );
    if (one) return;
    // At the same time: an error outweighs an expectation that was not met.
    const wrong =
      results.find(({ status }) => status === 'error') ?? results.find(({ error }) => error !== undefined);
    if (wrong?.error !== undefined) this.#end(wrong.error, wrong.status === 'failed' ? 'failed' : 'error');
  }

  /** The first step that goes wrong is the cause. */
  #end(error: AtcomError, verdict: AttemptStatus = 'error'): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    this.#verdict = verdict;
  }
}

/** Only a phone that is idle can become busy. */
function showsIdle(entry: TraceEntry, role: string): boolean {
  return entry.kind === 'event' && entry.role === role && entry.event.event === 'idleToBusy';
}

/** Of a step of which only one leaf had to be met. */
function needless({ error, seen, elsewhere, omitted, ...result }: StepResult): StepResult {
  return { ...result, status: 'skipped' };
}

/** Every waiting phone listens to the signal: more than ten listeners are not a leak. */
function manyWait(signal: AbortSignal): AbortSignal {
  setMaxListeners(0, signal);
  return signal;
}
