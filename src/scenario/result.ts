import type { AtcomError } from '../errors.ts';
import type { RequestReport } from '../phone/index.ts';
import type { ReportedEvent } from '../receiver/index.ts';
import type { Phase, Place } from './scenario.ts';

/** How a step ended; `stopped` if the run or the scenario ended first. */
export type StepStatus = 'passed' | 'failed' | 'error' | 'skipped' | 'stopped';

/** An event in a report, in milliseconds since the scenario began. */
export interface SeenEvent {
  readonly at: number;
  readonly role: string;
  readonly event: ReportedEvent['event'];
  readonly values: ReportedEvent['values'];
}

/** The result of one step for one phone. */
export interface StepResult {
  readonly phase: Phase;
  /** Counted from 1; leaves of one step share it. */
  readonly number: number;
  readonly place?: Place | undefined;
  /** Undefined for a pause. */
  readonly role?: string | undefined;
  readonly text: string;
  readonly status: StepStatus;
  /** Milliseconds since the scenario began. */
  readonly at: number;
  readonly ms: number;
  /** The events that met an expectation. */
  readonly events?: readonly SeenEvent[];
  /** What was heard, of a step that listens: `heard 528 Hz, that is b's tone, 62 dB`. */
  readonly sound?: string;
  /** If an expectation was not met: what this phone reported since the last one that was met. */
  readonly seen?: readonly SeenEvent[];
  /** What the other phones reported in that time. */
  readonly elsewhere?: readonly SeenEvent[];
  /** How many earlier ones of both are left out here; the trace has them. */
  readonly omitted?: number;
  readonly error?: AtcomError;
}

/** One line of a trace: what happened, in order, in milliseconds since the scenario began. */
export type TraceEntry = { readonly at: number; readonly role: string; readonly phone: string } & (
  | { readonly kind: 'press'; readonly keys: string }
  | ({ readonly kind: 'answer'; readonly head: string } & RequestReport)
  | { readonly kind: 'event'; readonly event: ReportedEvent }
  /** A virtual phone took a key and did nothing; why, in words. */
  | { readonly kind: 'ignored'; readonly what: string }
  /** A message between a virtual phone and its PBX: its first line, and the method that it has or answers. */
  | {
      readonly kind: 'sip';
      readonly sent: boolean;
      readonly line: string;
      readonly method: string;
      readonly callId: string;
    }
);

/** The audio statistics of one call of a phone at a PBX. */
export interface CallAudio {
  readonly role: string;
  readonly remote: string;
  readonly callId: string;
  readonly codec?: string | undefined;
  /** The last audio: `528 Hz, that is b's tone, 62 dB`. */
  readonly heard: string;
  /** Packets. */
  readonly sent: number;
  readonly received: number;
  readonly lost: number;
  /** Milliseconds, as RFC 3550 counts. */
  readonly jitter: number;
}

/** `error` means that the scenario proves nothing: a phone was unreachable, or an answer was lost. */
export type AttemptStatus = 'passed' | 'failed' | 'error';

/** One run of a scenario. */
export interface Attempt {
  readonly verdict: AttemptStatus;
  /** ISO 8601. */
  readonly started: string;
  readonly ms: number;
  readonly steps: readonly StepResult[];
  readonly trace: readonly TraceEntry[];
  /** The audio of each call, if there are phones at a PBX. */
  readonly audio?: readonly CallAudio[];
  /**
   * The roles of real phones that may have been in a call before it: no listener had heard whether they were, and none
   * showed later that it was idle.
   */
  readonly perhapsInCall?: readonly string[];
  /** What ended it. Later failures in cleanup are in its steps. */
  readonly error?: AtcomError | undefined;
}

/** A phone in a report. */
export interface Cast {
  readonly role: string;
  readonly phone: string;
  readonly host: string;
  readonly extension?: string | undefined;
  readonly model?: string | undefined;
  readonly virtual: boolean;
  /** The address of its account at a PBX, of a virtual phone that has one. */
  readonly sip?: string;
}

/** The result of a scenario; `flaky` passed, but not at the first try. */
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
