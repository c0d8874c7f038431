import type { Config } from '../../config/index.ts';
import { formatSequence, type Sequence } from '../../protocol/sequence.ts';
import type { PhoneSettings } from '../../protocol/settings.ts';
import { type DialVia, dialCall, type VerbCall, verbSequence } from '../../protocol/verbs.ts';
import { splitWritten } from '../../protocol/written-number.ts';
import type { PhoneOptions } from '../options.ts';

/** The settings of a phone that decide which keys the words of a command are. */
export const KEY_SETTINGS = ['model', 'verbs', 'macros', 'dialPlan', 'dialPrefix', 'letters'] as const;

/** Those of one phone. */
export type KeySettings = Pick<PhoneSettings, (typeof KEY_SETTINGS)[number]>;

/** What a command presses on one phone. Models, settings and macros may differ between phones. */
export type SequenceFor = (settings: KeySettings, config: Pick<Config, 'macros'>) => Sequence;

/** A command that presses keys, as plain data: the meaning of its words, before any phone is selected. */
export interface Pressing {
  readonly kind: 'press';
  readonly command: string;
  readonly sequenceFor: SequenceFor;
  readonly options: PhoneOptions;
  /** The verb, if the command is one; its events can confirm it. */
  readonly call?: VerbCall | undefined;
  /** Digits to press once the call is up. */
  readonly afterAnswer?: string | undefined;
  /** The number as written, if it contained these digits. */
  readonly written?: string | undefined;
}

/** A phone and the keys to press on it. */
export interface Job {
  readonly settings: PhoneSettings;
  readonly sequence: Sequence;
  /** Keys to press once the call is up. */
  readonly afterAnswer?: Sequence | undefined;
}

/** All keys of a job, as text. */
export function jobText({ sequence, afterAnswer }: Pick<Job, 'sequence' | 'afterAnswer'>): string {
  const first = formatSequence(sequence);
  return afterAnswer === undefined ? first : `${first}, then ${formatSequence(afterAnswer)}`;
}

/** The step of a command that presses the keys of a verb. */
export function verbStep(command: string, call: VerbCall, options: PhoneOptions): Pressing {
  const sequenceFor: SequenceFor = (settings) => verbSequence(call, settings);
  return { kind: 'press', command, sequenceFor, options, call };
}

/**
 * The step of `dial`; the number may contain digits for after the answer.
 *
 * @throws {AtcomError} `invalid-number`
 */
export function dialStep(
  number: string,
  options: DialVia & PhoneOptions & { readonly afterAnswer?: string | undefined },
): Pressing {
  const split = splitWritten(number, options.afterAnswer);
  const written = split.afterAnswer !== undefined && options.afterAnswer === undefined ? number : undefined;
  return {
    ...verbStep('dial', dialCall(split.number, options), options),
    afterAnswer: split.afterAnswer,
    written,
  };
}

/** The step of a command whose keys depend on the phone. */
export function keyStep(command: string, sequenceFor: SequenceFor, options: PhoneOptions): Pressing {
  return { kind: 'press', command, sequenceFor, options };
}
