import { AtcomError } from '../../errors.ts';
import type { Command, ReadWords } from '../../scenario/index.ts';
import { quoteShellWord } from '../../shell.ts';
import { StepReader } from '../batch/step-reader.ts';
import type { Context } from '../context.ts';
import { type PhoneOptions, phoneCommand } from '../options.ts';
import { wordsProblem } from '../words-problem.ts';

/** Common options that a step cannot use: targets, fleet control, output. */
function refusedOptions(): readonly (keyof PhoneOptions)[] {
  return phoneCommand('step')
    .options.map((option) => option.attributeName() as keyof PhoneOptions)
    .filter((name) => name !== 'retry' && name !== 'waitApproval');
}

/** What to use instead of some of them. */
const INSTEAD: Readonly<Partial<Record<keyof PhoneOptions, string>>> = {
  wait: 'write a separate step: - a: { expect: established }',
  confirm: 'write a separate step: - a: { expect: established }',
  timeout: 'set timeout: for the phone in the config',
  delay: 'set delay: for the phone in the config',
};

/** Parses the words of steps with the parser of this command line. */
export function readWords(context: Context): ReadWords {
  const commands = new StepReader('a scenario');
  const refused = refusedOptions();
  return async (words) => {
    const { macros } = await context.config();
    try {
      return readCommand(commands, words, refused, macros);
    } catch (error) {
      const problem = wordsProblem(error, words);
      if (problem === undefined) throw error;
      throw new AtcomError('usage', { reason: problem.reason, ...(problem.hint && { hint: problem.hint }) });
    }
  };
}

function readCommand(
  commands: StepReader,
  words: readonly string[],
  refused: readonly (keyof PhoneOptions)[],
  macros: ReadonlyMap<string, string>,
): Command {
  if (words[0] === 'expect') {
    throw new AtcomError('usage', { reason: 'expect is not a key', hint: 'write { expect: incomingCall }' });
  }
  const step = commands.read(words);
  if (step.kind !== 'press') throw new AtcomError('usage', { reason: `${words[0]} presses no key` });
  const { options, sequenceFor, afterAnswer } = step;
  if (afterAnswer !== undefined) {
    const hint = `write separate steps: - a: { expect: established }, then - a: dtmf ${quoteShellWord(afterAnswer)}`;
    throw new AtcomError('usage', {
      reason: `a step does not wait for an answer, so ${afterAnswer} cannot follow`,
      hint,
    });
  }
  const option = refused.find((name) => options[name] !== undefined);
  if (option !== undefined) {
    const flag = `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new AtcomError('usage', {
      reason: `${flag} has no meaning in a step`,
      hint: INSTEAD[option] ?? 'the step names its phone; give other options to atcom test',
    });
  }
  const { retry, waitApproval } = options;
  return {
    sequenceFor: (settings) => sequenceFor(settings, { macros }),
    options: { retry, waitApproval },
  };
}
