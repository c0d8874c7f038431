import { CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { withoutPassword } from '../errors/passwords.ts';
import { AtcomError } from '../errors.ts';
import { closest } from '../protocol/suggest.ts';
import { quoteShellWord } from '../shell.ts';
import { phoneCommand } from './options.ts';
import { optionName } from './words-problem.ts';

/** Options of which commander shows what they ask for, whatever else is wrong. */
const HELP = ['-h', '--help'];
const VERSION = ['-V', '--version'];

/**
 * `atcom nosuch --help`, `atcom config nosuch --help` and `atcom hold --nosuch --help` are errors, but commander would
 * show the help of what it knows.
 *
 * @param names - every command, also those that were not created
 */
export function checkCommand(
  program: CommandUnknownOpts,
  argv: readonly string[],
  names: readonly string[],
): void {
  const valued = program.options.filter(({ required }) => required).map(({ long }) => long);
  const isValue = (index: number) => valued.includes(argv[index - 1]);
  const end = argv.indexOf('--');
  const given = end < 0 ? argv : argv.slice(0, end);
  const words = given.filter((word, index) => !word.startsWith('-') && !isValue(index));
  let [command, known]: [CommandUnknownOpts, readonly string[]] = [program, names];
  const path = [program];
  for (const word of words) {
    if (known.length === 0) break;
    if (!known.includes(word)) {
      // It may be the value of an option that there is not, as a password.
      const before = given.slice(0, given.indexOf(word));
      checkOptions(
        path,
        before.filter((flag) => !isSwitch(flag)),
      );
      throw unknownCommand(word, known, command === program ? '' : command.name());
    }
    command = command.commands.find((one) => one.name() === word || one.aliases().includes(word)) ?? command;
    path.push(command);
    known = command === program ? [] : command.commands.flatMap((one) => [one.name(), ...one.aliases()]);
  }
  if (![...HELP, ...VERSION].some((flag) => given.includes(flag))) return;
  checkOptions(
    path,
    given.filter((word, index) => !VERSION.includes(word) || isValue(index)),
  );
}

/** Whether it is an option of commands for phones, and takes no value. */
function isSwitch(flag: string): boolean {
  return phoneCommand('').options.some(({ short, long, required, optional }) => {
    return (flag === short || flag === long) && !required && !optional;
  });
}

/** Throws what commander does for an unknown option, of the words of a command and of those above it. */
function checkOptions(path: readonly CommandUnknownOpts[], words: readonly string[]): void {
  let unknown = [...words];
  for (const command of path) {
    ({ unknown } = command.parseOptions(unknown));
    // Parsed again for the help, they are not given twice.
    for (const option of command.options)
      command.setOptionValueWithSource(option.attributeName(), option.defaultValue, 'default');
  }
  const option = unknown.find((word) => word.startsWith('-') && !HELP.includes(word));
  if (option === undefined) return;
  const known = path.flatMap(({ options }) => options.flatMap(({ long }) => long ?? []));
  const [suggestion] = closest(option, known);
  const hint = suggestion === undefined ? '' : `\n(Did you mean ${suggestion}?)`;
  path.at(-1)?.error(`error: unknown option '${option}'${hint}`, { code: 'commander.unknownOption' });
}

function unknownCommand(word: string, known: readonly string[], above: string): AtcomError {
  const [suggestion] = closest(word, known);
  const list = above === '' ? 'atcom help lists commands' : `atcom ${above} has ${known.join(', ')}`;
  const hint = suggestion === undefined ? list : `did you mean ${suggestion}?`;
  return new AtcomError('usage', { reason: `unknown command ${JSON.stringify(shownWord(word))}`, hint });
}

/** Completes what commander says of wrong words with what it cannot know: how phones are named, and where options go. */
export function withHint(error: unknown, command: CommandUnknownOpts | undefined): unknown {
  if (!(error instanceof CommanderError) || command === undefined) return error;
  const { exitCode, code } = error;
  // Whoever guesses an option gives it what may be a password.
  const message = error.message.replace(/(?<=^error: unknown option ').*(?=')/s, shownOption);
  const hint = hintFor({ code, message }, command);
  const [reason] = message.split('\n');
  return new CommanderError(exitCode, code, hint === undefined ? message : `${reason}\n(${hint})`);
}

/** A word that is no command. Written with a long dash, an option is taken for one, but its value may be a password. */
export function shownWord(word: string): string {
  return /^\p{Dash}/u.test(word) ? shownOption(word) : withoutPassword(word);
}

/** The name of an option; where more than its value is not shown, that can be seen. */
export function shownOption(word: string): string {
  const name = optionName(word);
  return name === word || word[name.length] === '=' ? name : `${name}…`;
}

function hintFor(
  { code, message }: Pick<CommanderError, 'code' | 'message'>,
  command: CommandUnknownOpts,
): string | undefined {
  if (code === 'commander.excessArguments' && command.options.some(({ long }) => long === '--to')) {
    const words = command.args.slice(command.registeredArguments.length);
    const end = words.findIndex((word) => word.startsWith('-'));
    const phones = words
      .slice(0, end < 0 ? undefined : Math.max(1, end))
      .map(withoutPassword)
      .join(',');
    return `select phones with --to: --to ${quoteShellWord(phones)}`;
  }
  const [, flag = ''] = /unknown option '([^']+)'/.exec(message) ?? [];
  const known = phoneCommand('').options.some(({ short, long }) => short === flag || long === flag);
  const ofLines = command.name() === 'run' && known;
  return ofLines ? 'it belongs to a command: write it on the line of that command' : undefined;
}
