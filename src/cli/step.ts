import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Expecting } from './listen/expect.ts';
import type { Pressing } from './press/job.ts';

/** The meaning of a command that can be used in a file, as plain data. */
export type CommandStep = Pressing | Expecting;

/** Receives the step of a command. */
export type Take = (step: CommandStep) => void | Promise<void>;

/** Creates a command that only produces its step; the caller decides what to do with it. */
export type StepCommand = (take: Take) => CommandUnknownOpts;
