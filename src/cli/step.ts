import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Expecting } from './listen/expect.ts';
import type { Pressing } from './press/job.ts';

/** What a command that can stand in a file means: plain data, done by nobody yet. */
export type CommandStep = Pressing | Expecting;

/** Gets what the words of a command mean. */
export type Take = (step: CommandStep) => void | Promise<void>;

/** Makes a command that only says what its words mean; what becomes of that is up to whoever made it. */
export type StepCommand = (take: Take) => CommandUnknownOpts;
