import { AtcomError, isAtcomError } from '../../errors.ts';
import { type LockOptions, lockPhones } from '../../fleet/phone-locks.ts';
import { hostText } from '../../protocol/command-url.ts';
import { endpointOf, nameOf } from '../../protocol/settings.ts';
import type { Attempt, Cast, ScenarioResult } from '../result.ts';
import { keysOf, lockOf, type Role, type Scenario } from '../scenario.ts';
import { type AttemptOptions, runAttempt } from './attempt.ts';
import { EventRoom, OF_RUN } from './event-room.ts';
import { Room } from './handles.ts';

/** How to run scenarios. */
export interface RunnerOptions extends Omit<AttemptOptions, 'room'> {
  /** How many scenarios run at the same time, if they share no phone; 1 by default. */
  readonly jobs?: number | undefined;
  /** How often a scenario that did not pass is run again; 0 by default. */
  readonly retries?: number | undefined;
  /** Locks a phone for this run. */
  readonly locks: Omit<LockOptions, 'signal'>;
  /** Called when a scenario ends. */
  readonly onResult?: ((result: ScenarioResult) => void) | undefined;
}

type OneOptions = RunnerOptions & Pick<AttemptOptions, 'room'>;

/** Runs scenarios, and returns their results in order. Only bugs are thrown. */
export async function runScenarios(
  scenarios: readonly Scenario[],
  options: RunnerOptions,
): Promise<readonly ScenarioResult[]> {
  const { jobs = 1, signal, onResult } = options;
  const results = new Map<Scenario, ScenarioResult>();
  const waiting = [...scenarios];
  const running = new Map<Scenario, Promise<void>>();
  const end = (scenario: Scenario, result: ScenarioResult) => {
    results.set(scenario, result);
    running.delete(scenario);
    onResult?.(result);
  };
  // Without a handle for a virtual phone, its report would be missing, with no visible reason.
  const room = new Room(scenarios, jobs);
  const fits = (scenario: Scenario) =>
    isFree(scenario, running) && (running.size === 0 || room.has(scenario));
  const all = { ...options, room: new EventRoom(OF_RUN) };
  const run = async (scenario: Scenario) =>
    end(scenario, await room.within(scenario, () => runOne(scenario, all)).catch(refusing(scenario)));
  while (waiting.length > 0 || running.size > 0) {
    const next = running.size < jobs ? waiting.find(fits) : undefined;
    if (next === undefined) await Promise.race(running.values());
    else {
      waiting.splice(waiting.indexOf(next), 1);
      running.set(next, run(next));
    }
    if (signal.aborted) {
      for (const scenario of waiting.splice(0)) end(scenario, skipped(scenario, 'the run was stopped'));
    }
  }
  return scenarios.flatMap((scenario) => results.get(scenario) ?? []);
}

function isFree(scenario: Scenario, running: ReadonlyMap<Scenario, unknown>): boolean {
  const taken = new Set([...running.keys()].flatMap(({ roles }) => roles.flatMap(keysOf)));
  return scenario.roles.flatMap(keysOf).every((key) => !taken.has(key));
}

/** Phones and accounts that one scenario at a time can use. */
function locksOf({ roles }: Scenario): Role['settings'][] {
  return roles.flatMap((role) => lockOf(role) ?? []);
}

function skipped(scenario: Scenario, reason: string): ScenarioResult {
  return {
    ...headOf(scenario),
    status: 'skipped',
    ms: 0,
    attempts: [],
    error: new AtcomError('skipped', { reason }),
  };
}

/** Turns the reason why a scenario could not start into a result; anything else is a bug, and ends the run. */
function refusing(scenario: Scenario) {
  return (error: unknown): ScenarioResult => {
    if (!isAtcomError(error)) throw error;
    return { ...headOf(scenario), status: 'error', ms: 0, attempts: [], error };
  };
}

async function runOne(scenario: Scenario, options: OneOptions): Promise<ScenarioResult> {
  if (scenario.unmet !== undefined) return skipped(scenario, scenario.unmet);
  const { signal, locks } = options;
  const began = performance.now();
  const ms = () => Math.round(performance.now() - began);
  const attempts: Attempt[] = [];
  try {
    const { check, unlock } = await lockPhones(locksOf(scenario), { ...locks, signal });
    try {
      await tryUntilPassed(scenario, { ...options, beforePress: check }, attempts);
    } finally {
      await unlock();
    }
  } catch (error) {
    // Before any key: a phone or the port is in use. Anything else is a bug, and ends the run.
    if (!isAtcomError(error)) throw error;
    return { ...headOf(scenario), status: 'error', ms: ms(), attempts, error };
  }
  const last = attempts.at(-1);
  const status = last?.verdict === 'passed' && attempts.length > 1 ? 'flaky' : (last?.verdict ?? 'error');
  return { ...headOf(scenario), status, ms: ms(), attempts, error: last?.error };
}

/**
 * Whether to retry: after an unmet expectation, and if a phone was unreachable or showed its prompt, because the calls
 * of this attempt have ended. Never after a lost response, because nobody knows what its keys did, and never if cleanup
 * or hanging up failed on a phone that took keys.
 */
async function tryUntilPassed(
  scenario: Scenario,
  { retries = 0, ...options }: OneOptions,
  attempts: Attempt[],
): Promise<void> {
  for (let left = retries; ; left -= 1) {
    const attempt = await runAttempt(scenario, options);
    attempts.push(attempt);
    const lost = attempt.trace.some((entry) => entry.kind === 'answer' && entry.outcome === 'unknown');
    const again =
      !lost && !isUnfinished(attempt) && (attempt.verdict === 'failed' || attempt.error?.retryable === true);
    if (attempt.verdict === 'passed' || !again || left <= 0 || options.signal.aborted) return;
  }
}

/** Whether a phone may still be in a call, or in another state, into which this attempt has brought it. */
function isUnfinished({ steps, trace }: Attempt): boolean {
  const pressed = new Set(
    trace.flatMap((entry) => (entry.kind === 'answer' && entry.outcome === 'ok' ? [entry.role] : [])),
  );
  return steps.some(
    ({ phase, status, role = '' }) =>
      phase === 'cleanup' && status !== 'passed' && status !== 'skipped' && pressed.has(role),
  );
}

function headOf({ name, file, place, tags, roles }: Scenario) {
  return { name, file, line: place.line, tags, phones: roles.map(castOf) };
}

function castOf({ name, settings, virtual, account }: Role): Cast {
  const { extension, model } = settings;
  return {
    role: name,
    phone: account?.name ?? (virtual ? `virtual ${extension}` : nameOf(settings)),
    host: virtual ? '' : hostText(endpointOf(settings)),
    extension,
    model,
    virtual,
    ...(account === undefined ? {} : { sip: account.uri }),
  };
}
