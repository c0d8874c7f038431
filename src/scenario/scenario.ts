import type { SendOptions } from '../phone/index.ts';
import type { Sequence } from '../protocol/sequence.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import type { Mode, Pattern } from './play/event-log.ts';

/** A place in a file, both counted from 1. */
export interface Place {
  readonly line: number;
  readonly col: number;
}

/** A phone of a scenario. */
export interface Role {
  /** Its name in the steps. */
  readonly name: string;
  /** The address of a virtual phone is a placeholder until it runs. */
  readonly settings: PhoneSettings;
  readonly virtual: boolean;
}

interface StepBase {
  readonly place: Place;
  /** What it does, in words: `b: expect incomingCall within 3s`. */
  readonly text: string;
}

/** Presses keys. */
export interface PressStep extends StepBase {
  readonly kind: 'press';
  readonly role: string;
  readonly sequence: Sequence;
  readonly options: Pick<SendOptions, 'retry' | 'waitApproval'>;
}

/** Checks that a phone takes keys and is in no call. */
export interface IdleStep extends StepBase {
  readonly kind: 'idle';
  readonly role: string;
  readonly within: number;
}

/** Waits for events; durations are milliseconds. */
export interface ExpectStep extends StepBase {
  readonly kind: 'expect';
  readonly role: string;
  readonly mode: Mode;
  readonly patterns: readonly Pattern[];
  /** The same in words: `any of established, remoteBusy`. */
  readonly what: string;
  readonly within: number;
}

/** Fails if an event comes. */
export interface NeverStep extends StepBase {
  readonly kind: 'never';
  readonly role: string;
  readonly pattern: Pattern;
  readonly during: number;
}

/** Waits. */
export interface PauseStep extends StepBase {
  readonly kind: 'pause';
  readonly ms: number;
}

/** What one phone does, or nothing. */
export type LeafStep = PressStep | IdleStep | ExpectStep | NeverStep | PauseStep;

/** Leaves at the same time: all of them, or with `first` the expectation that is met first. */
export interface Step {
  readonly join: 'each' | 'first';
  readonly leaves: readonly LeafStep[];
}

/** The parts of a scenario, in their order. */
export const PHASES = ['setup', 'steps', 'cleanup'] as const;
export type Phase = (typeof PHASES)[number];

/** A scenario that is ready to run: all words are parsed, all keys are known. Durations are milliseconds. */
export interface Scenario extends Readonly<Record<Phase, readonly Step[]>> {
  readonly name: string;
  readonly file: string;
  readonly place: Place;
  readonly tags: readonly string[];
  /** For setup and steps. */
  readonly timeout: number;
  /** For cleanup, which has its own time limit. */
  readonly cleanupTimeout: number;
  readonly roles: readonly Role[];
  /** Why it cannot run on these phones; then it is skipped. */
  readonly unmet?: string;
  /** The options of its virtual phones. */
  readonly simulator: { readonly ring?: number; readonly latency?: number };
}
