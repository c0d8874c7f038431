import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { TOPICS } from '../help/topics.ts';

import { longName, optionsOf } from '../words.ts';
import { findPosition, type Position } from './position.ts';
import { type Answer, type Asked, type Candidate, SOURCES } from './values.ts';

/**
 * The candidates at the cursor, derived from the program itself and the config; nothing is contacted.
 *
 * @param words - the words after `atcom`; the last is the one at the cursor
 */
export async function complete(
  context: Pick<Context, 'cwd' | 'env' | 'uid' | 'pid'>,
  program: CommandUnknownOpts,
  words: readonly string[],
): Promise<Answer> {
  const position = findPosition(program, words);
  const { typed, before } = position;
  const answer = await answerAt(context, program, position);
  if (!Array.isArray(answer)) return answer;
  const fitting = (answer as readonly Candidate[]).filter(({ value }) => startsWith(value, typed));
  return fitting.map(({ value, ...rest }) => ({ value: before + value, ...rest }));
}

/** Keys, events and models are case-insensitive; the shell corrects the case of what was typed. */
function startsWith(value: string, typed: string): boolean {
  return value.toLowerCase().startsWith(typed.toLowerCase());
}

async function answerAt(
  context: Pick<Context, 'cwd' | 'env' | 'uid' | 'pid'>,
  program: CommandUnknownOpts,
  position: Position,
): Promise<Answer> {
  const { command, option, argument, typed, options } = position;
  if (option !== undefined) {
    return candidatesFor(context, program, position, option.argChoices, placeholder(option));
  }
  if (options && typed.startsWith('-')) return optionWords(command);
  if (command.commands.length > 0) return command.commands.map(commandWord);
  if (argument === undefined) return options ? optionWords(command) : [];
  return candidatesFor(context, program, position, argument.argChoices, argument.name());
}

function candidatesFor(
  context: Pick<Context, 'cwd' | 'env' | 'uid' | 'pid'>,
  program: CommandUnknownOpts,
  { typed, given, option }: Position,
  choices: readonly string[] | undefined,
  name: string,
): Answer | Promise<Answer> {
  if (choices !== undefined) return choices.map((value) => ({ value }));
  const source = SOURCES[name] ?? 'free';
  if (source === 'free') return [];
  // Loaded here, because most words need no config.
  const known = async () => (await import('./known.ts')).knownOf(context, given);
  const target = given.get('--to') ?? (context.env['ATCOM_TO'] || undefined);
  const asked: Asked = {
    typed,
    known,
    models: async () => (await import('./known.ts')).modelsOf(target, await known()),
    formats: formatsOf(option),
    helps: () => [...program.commands.map(commandWord), ...topics()],
  };
  return source(asked);
}

/**
 * `target` of `-t, --to <target>`, and the same for arguments: the placeholder in the help determines the candidates.
 */
export function placeholder({ flags }: Option): string {
  return /[<[]([^\]>.]+)/.exec(flags)?.[1] ?? '';
}

function optionWords(command: CommandUnknownOpts): readonly Candidate[] {
  const help = { value: '--help', about: 'display help for command' };
  const rows = optionsOf(command).map((option) => ({ value: longName(option), about: option.description }));
  return [...rows, help];
}

function commandWord(command: CommandUnknownOpts): Candidate {
  return { value: command.name(), about: command.summary() };
}

function topics(): readonly Candidate[] {
  return TOPICS.map(({ name, summary }) => ({ value: name, about: summary }));
}

/** The formats that a parser of `--report` accepts. */
function formatsOf(option: Option | undefined): readonly string[] {
  const parser: unknown = option?.parseArg;
  return typeof parser === 'function' && 'formats' in parser ? (parser.formats as readonly string[]) : [];
}
