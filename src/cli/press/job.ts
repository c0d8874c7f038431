import type { Config } from '../../config/index.ts';
import type { Sequence } from '../../protocol/sequence.ts';
import type { PhoneSettings } from '../../protocol/settings.ts';
import { type VerbCall, verbSequence } from '../../protocol/verbs.ts';
import type { PhoneOptions } from '../options.ts';

/** What a command presses on one phone; models, settings and macros may differ from phone to phone. */
export type SequenceFor = (settings: PhoneSettings, config: Pick<Config, 'macros'>) => Sequence;

/** A command that presses keys, as plain data: what its words mean, before a phone is looked for. */
export interface Pressing {
  readonly kind: 'press';
  readonly command: string;
  readonly sequenceFor: SequenceFor;
  readonly options: PhoneOptions;
  /** The verb, where it is one; its events can confirm it. */
  readonly call?: VerbCall | undefined;
}

/** A phone and what is pressed on it. */
export interface Job {
  readonly settings: PhoneSettings;
  readonly sequence: Sequence;
}

/** The step of a command that presses what a verb stands for. */
export function verbStep(command: string, call: VerbCall, options: PhoneOptions): Pressing {
  const sequenceFor: SequenceFor = (settings) => verbSequence(call, settings);
  return { kind: 'press', command, sequenceFor, options, call };
}

/** The step of a command that presses what its words say for each phone. */
export function keyStep(command: string, sequenceFor: SequenceFor, options: PhoneOptions): Pressing {
  return { kind: 'press', command, sequenceFor, options };
}
