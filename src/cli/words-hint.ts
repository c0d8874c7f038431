import { CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { AtcomError } from '../errors.ts';
import { closest } from '../protocol/suggest.ts';
import { quoteShellWord } from '../shell.ts';
import { phoneCommand } from './options.ts';

/** `atcom nosuch --help` is an error, but commander would show the help of atcom. */
export function checkCommand(
  program: CommandUnknownOpts,
  argv: readonly string[],
  names: readonly string[],
): void {
  const valued = program.options.filter(({ required }) => required).map(({ long }) => long);
  const isValue = (index: number) => valued.includes(argv[index - 1]);
  const end = argv.indexOf('--');
  const words = end < 0 ? argv : argv.slice(0, end);
  const name = words.find((word, index) => !word.startsWith('-') && !isValue(index));
  if (name === undefined || names.includes(name)) return;
  const [suggestion] = closest(name, names);
  const hint = suggestion === undefined ? 'atcom help lists commands' : `did you mean ${suggestion}?`;
  throw new AtcomError('usage', { reason: `unknown command ${JSON.stringify(name)}`, hint });
}

/** Completes what commander says of wrong words with what it cannot know: how phones are named, and where options go. */
export function withHint(error: unknown, command: CommandUnknownOpts | undefined): unknown {
  if (!(error instanceof CommanderError) || command === undefined) return error;
  const hint = hintFor(error, command);
  if (hint === undefined) return error;
  const [reason] = error.message.split('\n');
  return new CommanderError(error.exitCode, error.code, `${reason}\n(${hint})`);
}

/** The command that words are for, as far as they name one. */
export function commandOf(program: CommandUnknownOpts, words: readonly string[]): CommandUnknownOpts {
  let command = program;
  for (const word of words) command = command.commands.find((child) => child.name() === word) ?? command;
  return command;
}

function hintFor({ code, message }: CommanderError, command: CommandUnknownOpts): string | undefined {
  if (code === 'commander.excessArguments' && command.options.some(({ long }) => long === '--to')) {
    const phones = command.args.slice(command.registeredArguments.length).join(',');
    return `phones are named with --to: --to ${quoteShellWord(phones)}`;
  }
  const [, option = ''] = /unknown option '([^']+)'/.exec(message) ?? [];
  const [flag] = option.split('=');
  const known = phoneCommand('').options.some(({ short, long }) => short === flag || long === flag);
  const ofLines = command.name() === 'run' && known;
  return ofLines ? 'it belongs to a command: write it in the line of the file' : undefined;
}
