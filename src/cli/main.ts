import { setMaxListeners } from 'node:events';
import { writeSync } from 'node:fs';
import { CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { type Config, loadConfig } from '../config/index.ts';
import { withoutPassword } from '../errors/passwords.ts';
import { AtcomError, isAtcomError } from '../errors.ts';
import { documentHead } from '../protocol/outcomes.ts';
import type { Context, Surroundings } from './context.ts';
import type { CommonOptions } from './options.ts';
import { createOutput, type Output } from './output/output.ts';
import { isPlain, PlainOutput } from './output/plain-output.ts';
import { errorText } from './output/render.ts';
import type { ErrorDocument } from './output/report-document.ts';
import { CarefulOutput, ENDING_SIGNALS, LEFT_BEHIND, signalGroup } from './process-ends.ts';
import { COMMANDS, createProgram } from './program.ts';
import { replaceReports } from './replace-reports.ts';
import { type ReportTarget, takesStdout } from './reports/index.ts';
import { readWords } from './words.ts';
import { checkCommand, commandOf, withHint } from './words-hint.ts';
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
  const outputFor = ({ json = false, quiet = false, color = 'auto', report }: MainOptions) => {
    // A report on stdout must be the only output there.
    const streams = takesStdout(report) ? { ...surroundings, stdout: surroundings.stderr } : surroundings;
    return createOutput(streams, { json, quiet, color }, env);
  };
  // Until the words are parsed, only one thing matters: whether usage errors are reported as JSON.
  let output = await outputFor({ json: argv.includes('--json') });
  let options: MainOptions = {};
  let config: Promise<Config> | undefined;
  let exitCode = 0;
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
  try {
    checkCommand(program, argv, [
      ...Object.keys(commands),
      ...program.commands.flatMap((one) => [one.name(), ...one.aliases()]),
    ]);
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    // Commander has already shown the help: `atcom` alone, or `atcom config`.
    if (error instanceof CommanderError && error.code === 'commander.help') return 2;
    const typed = commandName ?? withoutPassword(argv.find((word) => !word.startsWith('-')) ?? '');
    const known = program.commands.some((command) => command.name() === typed) ? typed : '';
    const { aborted, reason } = surroundings.signal;
    const failure = expected(aborted ? reason : withHint(error, commandOf(program, argv)), argv, known);
    await replaceReports(context, typed, failure, commandName !== undefined);
    return fail(failure, typed, output);
  }
}

/** The options that main itself handles. */
interface MainOptions extends CommonOptions {
  readonly report?: readonly ReportTarget[];
}

/** `config show` for the command of that name. */
function fullName(command: CommandUnknownOpts): string {
  const parent = command.parent;
  return parent === null || parent.parent === null ? command.name() : `${fullName(parent)} ${command.name()}`;
}

/** Turns wrong words into a usage error, and any unexpected error into a bug report. */
function expected(error: unknown, words: readonly string[], command = ''): AtcomError {
  const problem = isAtcomError(error) ? dashProblem(error, words) : wordsProblem(error, words);
  if (isAtcomError(error) && problem === undefined) return error;
  if (problem !== undefined) {
    const { reason, hint = '' } = problem;
    return new AtcomError('usage', { reason, hint: hint || `atcom help ${command}`.trim() });
  }
  const cause = error instanceof Error ? error : new Error(String(error));
  return new AtcomError('bug', { stack: cause.stack ?? cause.message }, { cause });
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

/** Runs the command line in the real process, and returns the exit code. */
export async function run({ env, argv }: NodeJS.Process): Promise<number> {
  const stop = new AbortController();
  const forget = endOnSignals(stop);
  let unwritten: AtcomError | undefined;
  const failed = (error: AtcomError) => {
    unwritten ??= error;
    stop.abort(unwritten);
  };
  const out = isPlain(1) ? new PlainOutput(1, failed) : new CarefulOutput(process.stdout, failed);
  const realStderr = () => {
    // If its terminal is gone, nobody is left to read an error about that; the run continues, and cleans up.
    if (process.stderr.listenerCount('error') === 0) process.stderr.on('error', () => undefined);
    return process.stderr;
  };
  const stderr = {
    write: (text: string) => {
      try {
        return realStderr().write(text);
      } catch {
        return true;
      }
    },
    isTTY: !isPlain(2) && process.getBuiltinModule('node:tty').isatty(2),
    // Asked before anything is drawn, so that drawing on a terminal that went away is no error either.
    get columns() {
      return realStderr().columns;
    },
  };
  const tell = (error: AtcomError) => {
    const { message, hint = '', code } = error;
    stderr.write(`error: ${message} [${code}]\n  Fix: ${hint}\n`);
    return error.exitCode;
  };
  try {
    const cwd = currentFolder();
    if (cwd === undefined) return tell(new AtcomError('no-folder', {}));
    const exitCode = await main(argv.slice(2), {
      // Node creates each of these streams on first use, which takes longer than most commands.
      stdin: () => process.stdin,
      stdout: out,
      stderr,
      env,
      cwd,
      pid: process.pid,
      uid: process.geteuid?.(),
      // Windows has no process groups.
      signalGroup: process.platform === 'win32' ? undefined : signalGroup(process.kill.bind(process)),
      signal: stop.signal,
      terminal: async () => {
        const { openTerminal } = await import('./terminal.ts');
        return openTerminal(process);
      },
      beforeSending: tuneV8,
    });
    await out.flush();
    return unwritten === undefined ? exitCode : Math.max(tell(unwritten), exitCode);
  } finally {
    forget();
  }
}

function currentFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    // The file was removed.
    return undefined;
  }
}

/** The first signal ends the run in an orderly way; the second ends the process, and says what that leaves behind. */
function endOnSignals(stop: AbortController): () => void {
  const listeners = Object.entries(ENDING_SIGNALS).map(([signal, code]) => {
    const end = () => {
      if (!stop.signal.aborted) return stop.abort(new AtcomError(code, {}));
      forget();
      tryWrite(LEFT_BEHIND);
      return process.kill(process.pid, signal);
    };
    process.on(signal, end);
    return () => process.off(signal, end);
  });
  const forget = () => {
    for (const each of listeners) each();
  };
  return forget;
}

function tryWrite(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // Nobody reads it.
  }
}

/** From this many phones on, V8's optimised code pays off. */
const MANY_PHONES = 200;

/**
 * On Node 20 the first response makes V8 optimise undici's WebAssembly parser for more than 100 ms, and the process
 * waits for that before it exits. Unoptimised code is faster up to about 200 phones. Node 22 and later do not wait.
 */
async function tuneV8(phones = 1): Promise<void> {
  // Undici creates an error for every connection that closes; with many phones, the stack traces are a fifth of the
  // work.
  if (phones > MANY_PHONES) Error.stackTraceLimit = 0;
  else if (Number.parseInt(process.versions.v8, 10) < 12) {
    const { setFlagsFromString } = await import('node:v8');
    setFlagsFromString('--wasm-tiering-budget=2000000000');
  }
}
