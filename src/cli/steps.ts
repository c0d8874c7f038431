import { answerCommand } from './commands/answer.ts';
import { conferenceCommand } from './commands/conference.ts';
import { dialCommand } from './commands/dial.ts';
import { dndCommand } from './commands/dnd.ts';
import { expectCommand } from './commands/expect.ts';
import { holdCommand } from './commands/hold.ts';
import { keyCommand } from './commands/key.ts';
import { macroCommand } from './commands/macro.ts';
import { SIMPLE_VERB_COMMANDS } from './commands/simple-verbs.ts';
import { transferCommand } from './commands/transfer.ts';
import { volumeCommand } from './commands/volume.ts';
import type { Context } from './context.ts';
import { checkExpect, expectEvent } from './listen/expect.ts';
import { checkPress, press } from './press/press.ts';
import { checkReadTwice } from './press/targets.ts';
import type { CommandStep, StepCommand } from './step.ts';

/** Commands that press keys, in the order of the help. */
export const PRESS_COMMANDS: Readonly<Record<string, StepCommand>> = {
  dial: dialCommand,
  answer: answerCommand,
  hold: holdCommand,
  transfer: transferCommand,
  conference: conferenceCommand,
  ...SIMPLE_VERB_COMMANDS,
  volume: volumeCommand,
  dnd: dndCommand,
  key: keyCommand,
  macro: macroCommand,
};

/** Commands that press nothing but wait for an event. */
export const WAIT_COMMANDS: Readonly<Record<string, StepCommand>> = {
  expect: expectCommand,
};

/** All commands that can be used in a file. */
export const STEP_COMMANDS: Readonly<Record<string, StepCommand>> = { ...PRESS_COMMANDS, ...WAIT_COMMANDS };

/** Runs a step. */
export function runStep(context: Context, step: CommandStep): Promise<void> {
  return step.kind === 'press' ? press(context, step) : expectEvent(context, step);
}

/**
 * Validates a step without running it.
 *
 * @throws {AtcomError} the codes of bad input
 */
export async function checkStep(context: Context, step: CommandStep): Promise<void> {
  checkReadTwice(context, step.options);
  return step.kind === 'press' ? checkPress(context, step) : checkExpect(context, step);
}
