import { AtcomError } from '../../errors.ts';
import type { Command, ReadWords } from '../../scenario/index.ts';
import { CommandReader, type MakeProgram, wordsProblem } from '../batch/command-reader.ts';
import type { Context } from '../context.ts';
import { type PhoneOptions, phoneCommand } from '../options.ts';

/** Options of every command that a step cannot have: which phones, how many, what is written. */
function refusedOptions(): readonly (keyof PhoneOptions)[] {
  return phoneCommand('step')
    .options.map((option) => option.attributeName() as keyof PhoneOptions)
    .filter((name) => name !== 'retry' && name !== 'waitApproval');
}

/** What to write instead of some others. */
const INSTEAD: Readonly<Partial<Record<keyof PhoneOptions, string>>> = {
  wait: 'write a step of its own: - a: { expect: established }',
  confirm: 'write a step of its own: - a: { expect: established }',
  timeout: 'set timeout: for the phone in the config',
  delay: 'set delay: for the phone in the config',
};

/** Reads the words of steps with this command line's own parser. */
export function readWords(context: Context, makeProgram: MakeProgram): ReadWords {
  const commands = new CommandReader(context, makeProgram, 'a scenario');
  const refused = refusedOptions();
  return async (words) => {
    try {
      return await readCommand(commands, words, refused);
    } catch (error) {
      const problem = wordsProblem(error);
      if (problem === undefined) throw error;
      throw new AtcomError('usage', { reason: problem.reason, ...(problem.hint && { hint: problem.hint }) });
    }
  };
}

async function readCommand(
  commands: CommandReader,
  words: readonly string[],
  refused: readonly (keyof PhoneOptions)[],
): Promise<Command> {
  const [name = ''] = words;
  if (name === 'expect') {
    throw new AtcomError('usage', { reason: 'expect is no key', hint: 'write { expect: incomingCall }' });
  }
  const { pressing } = await commands.read(words);
  if (pressing === undefined) throw new AtcomError('usage', { reason: `${name} presses no key` });
  const { options, sequenceFor } = pressing;
  const option = refused.find((name) => options[name] !== undefined);
  if (option !== undefined) {
    const flag = `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new AtcomError('usage', {
      reason: `${flag} has no meaning in a step`,
      hint: INSTEAD[option] ?? 'the step names its phone, atcom test takes the rest',
    });
  }
  const { retry, waitApproval } = options;
  return { sequenceFor, options: { retry, waitApproval } };
}
