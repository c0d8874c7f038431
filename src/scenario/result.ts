import type { AtcomError } from '../errors.ts';
import type { RequestReport } from '../phone/index.ts';
import type { ReportedEvent } from '../receiver/index.ts';
import type { Phase, Place } from './scenario.ts';

/** How a step ended: `stopped` where the run or the scenario ended before it did. */
export type StepStatus = 'passed' | 'failed' | 'error' | 'skipped' | 'stopped';

/** An event as a report shows it: milliseconds since the scenario began. */
export interface SeenEvent {
  readonly at: number;
  readonly role: string;
  readonly event: ReportedEvent['event'];
  readonly values: ReportedEvent['values'];
}

/** What one step came to, in one phone. */
export interface StepResult {
  readonly phase: Phase;
  /** Counted from 1; leaves of one step share it. */
  readonly number: number;
  readonly place?: Place | undefined;
  /** None for a pause. */
  readonly role?: string | undefined;
  readonly text: string;
  readonly status: StepStatus;
  /** Milliseconds since the scenario began. */
  readonly at: number;
  readonly ms: number;
  /** The events that an expectation was met by. */
  readonly events?: readonly SeenEvent[];
  /** Where an expectation was not met: what this phone reported since the last one that was. */
  readonly seen?: readonly SeenEvent[];
  /** The same time on the other phones. */
  readonly elsewhere?: readonly SeenEvent[];
  readonly error?: AtcomError;
}

/** One line of a trace: everything that happened, in its order, milliseconds since the scenario began. */
export type TraceEntry = { readonly at: number; readonly role: string; readonly phone: string } & (
  | { readonly kind: 'press'; readonly keys: string }
  | ({ readonly kind: 'answer'; readonly head: string } & RequestReport)
  | { readonly kind: 'event'; readonly event: ReportedEvent }
);

/** `error` is what keeps a scenario from telling anything: a phone out of reach, an answer that was lost. */
export type AttemptStatus = 'passed' | 'failed' | 'error';

/** One run of a scenario. */
export interface Attempt {
  readonly verdict: AttemptStatus;
  /** ISO 8601. */
  readonly started: string;
  readonly ms: number;
  readonly steps: readonly StepResult[];
  readonly trace: readonly TraceEntry[];
  /** What ended it. What went wrong in cleanup after that is told by its steps. */
  readonly error?: AtcomError | undefined;
}

/** A phone as a report names it. */
export interface Cast {
  readonly role: string;
  readonly phone: string;
  readonly host: string;
  readonly extension?: string | undefined;
  readonly model?: string | undefined;
  readonly virtual: boolean;
}

/** What a scenario came to: `flaky` passed, but not at once. */
export interface ScenarioResult {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly tags: readonly string[];
  readonly status: AttemptStatus | 'flaky' | 'skipped';
  readonly ms: number;
  readonly phones: readonly Cast[];
  /** The last one counts. */
  readonly attempts: readonly Attempt[];
  /** Why it failed or was skipped. */
  readonly error?: AtcomError | undefined;
}
