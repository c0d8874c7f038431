import { setMaxListeners } from 'node:events';
import { CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { type Config, loadConfig } from '../config/index.ts';
import { AtcomError, isAtcomError } from '../errors.ts';
import { documentHead } from '../protocol/outcomes.ts';
import type { Context, Surroundings } from './context.ts';
import { failureOf } from './failure.ts';
import type { CommonOptions } from './options.ts';
import { createOutput, type Output } from './output/output.ts';
import { errorText } from './output/render.ts';
import type { ErrorDocument } from './output/report-document.ts';
import { COMMANDS, createProgram } from './program.ts';
import { replaceReports } from './replace-reports.ts';
import { type ReportTarget, takesStdout } from './reports/index.ts';
import { readWords, type Said } from './words.ts';
import { checkCommand, shownWord, withHint } from './words-hint.ts';
import { dashProblem, wordsProblem } from './words-problem.ts';

/**
 * Runs the command line and returns its exit code.
 *
 * @param argv - the words after `atcom`
 * @param commands - replaces the program's commands in tests
 */
export async function main(
  argv: readonly string[],
  surroundings: Surroundings,
  commands = COMMANDS,
): Promise<number> {
  const { env, cwd, uid } = surroundings;
  // Every request in flight listens for Ctrl-C, so more than ten listeners are not a leak.
  setMaxListeners(0, surroundings.signal);
  const outputFor = ({ json = false, quiet = false, color = 'auto', report, ...how }: MainOptions) => {
    // A report on stdout must be the only output there. What only shows something writes none.
    const shows = how.check || how.list || how.schema || how.dryRun || how.curl;
    const streams =
      takesStdout(report) && !shows ? { ...surroundings, stdout: surroundings.stderr } : surroundings;
    return createOutput(streams, { json, quiet, color }, env);
  };
  // Until the words are parsed, only one thing matters: whether usage errors are reported as JSON.
  let output = await outputFor({ json: argv.includes('--json') });
  let options: MainOptions = {};
  let config: Promise<Config> | undefined;
  let exitCode: number | undefined;
  let commandName: string | undefined;
  const context: Context = {
    ...surroundings,
    words: argv,
    said: () => readWords(program, argv).said,
    get output() {
      return output;
    },
    get debug() {
      return options.debug === true;
    },
    get configContext() {
      const { signal } = surroundings;
      return { cwd, env, uid, signal, file: options.config, profile: options.profile };
    },
    config: () => {
      config ??= loadConfig(context.configContext);
      return config;
    },
    listen: async (wanted) => {
      const { startListening } = await import('./listen/start-listening.ts');
      return startListening(context, wanted);
    },
    exit: (code) => {
      exitCode = code;
    },
  };
  const program = createProgram(context, commands).hook('preAction', async (_, command) => {
    options = command.optsWithGlobals();
    commandName = fullName(command);
    output = await outputFor(options);
  });
  const names = () => [
    ...Object.keys(commands),
    ...program.commands.flatMap((one) => [one.name(), ...one.aliases()]),
  ];
  try {
    checkCommand(program, argv, names());
    await program.parseAsync(argv, { from: 'user' });
    return exitCode ?? 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    // Commander has already shown the help: `atcom` alone, or `atcom config`.
    if (error instanceof CommanderError && error.code === 'commander.help') return 2;
    const { command, said } = readWords(program, argv);
    const [known, unknown] = ['command', 'argument'].map((kind) => firstOf(said, kind));
    const typed = commandName ?? known ?? shownCommand(unknown, error, names());
    const { signal } = surroundings;
    const failure = signal.aborted
      ? failureOf(error, signal)
      : expected(withHint(error, command), argv, known);
    // What has an exit code has reported, too.
    if (exitCode === undefined) await replaceReports(context, typed, failure, commandName !== undefined);
    return fail(failure, typed, output);
  }
}

/** The options that main itself handles. */
interface MainOptions extends CommonOptions {
  readonly report?: readonly ReportTarget[];
  readonly check?: boolean;
  readonly list?: boolean;
  readonly schema?: boolean;
  readonly dryRun?: boolean;
  readonly curl?: boolean;
}

/** What was typed as a command. After an option that there is not, what is none may be a password. */
function shownCommand(word = '', error: unknown, names: readonly string[]): string {
  const isValue = error instanceof CommanderError && error.code === 'commander.unknownOption';
  return isValue && word !== '' && !names.includes(word) ? '…' : shownWord(word);
}

/** The first word of a kind. */
function firstOf(said: readonly Said[], kind: string): string | undefined {
  return said.flatMap((one) => (one.kind === kind && one.kind !== 'option' ? [one.word] : []))[0];
}

/** `config show` for the command of that name. */
function fullName(command: CommandUnknownOpts): string {
  const parent = command.parent;
  return parent === null || parent.parent === null ? command.name() : `${fullName(parent)} ${command.name()}`;
}

/** Turns wrong words into a usage error, and any unexpected error into a bug report. */
function expected(error: unknown, words: readonly string[], command = ''): AtcomError {
  const problem = isAtcomError(error) ? dashProblem(error, words) : wordsProblem(error, words);
  if (problem === undefined) return failureOf(error);
  const { reason, hint = '' } = problem;
  return new AtcomError('usage', { reason, hint: hint || `atcom help ${command}`.trim() });
}

function fail(error: AtcomError, command: string, output: Output): number {
  const { exitCode } = error;
  // Reported once, at the end, however the command handled it.
  if (error.code === 'unwritable-output') return exitCode;
  const document: ErrorDocument = { ...documentHead(command, exitCode), error };
  if (output.json) output.result(document, () => '');
  else output.note((paint) => errorText(error.toJSON(), paint));
  return exitCode;
}
