import { setMaxListeners } from 'node:events';
import { isatty } from 'node:tty';
import { CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { applyEnvironment, type Config, loadConfig } from '../config/index.ts';
import { AtcomError, isAtcomError } from '../errors.ts';
import { documentHead } from '../protocol/outcomes.ts';
import type { Context, Surroundings } from './context.ts';
import type { CommonOptions } from './options.ts';
import { createOutput, type Output } from './output/output.ts';
import { errorText } from './output/render.ts';
import type { ErrorDocument } from './output/report-document.ts';
import { COMMANDS, createProgram } from './program.ts';
import { wordsProblem } from './words-problem.ts';

/**
 * Runs the command line and returns its exit code.
 *
 * @param argv - the words after `atcom`
 * @param commands - other commands than the program's own; for tests
 */
export async function main(
  argv: readonly string[],
  surroundings: Surroundings,
  commands = COMMANDS,
): Promise<number> {
  const { env, cwd } = surroundings;
  // Every request under way listens for Ctrl-C; more than ten is no leak.
  setMaxListeners(0, surroundings.signal);
  const outputFor = ({ json = false, quiet = false, color = 'auto' }: CommonOptions) =>
    createOutput(surroundings, { json, quiet, color }, env);
  // Until the words are parsed, one question matters: whether a mistake in them is told as JSON.
  let output = await outputFor({ json: argv.includes('--json') });
  let options: CommonOptions = {};
  let config: Promise<Config> | undefined;
  let exitCode = 0;
  let commandName: string | undefined;
  const context: Context = {
    ...surroundings,
    words: argv,
    get output() {
      return output;
    },
    get debug() {
      return options.debug === true;
    },
    config: () => {
      config ??= loadConfig({ cwd, env, profile: options.profile });
      return config;
    },
    listen: async (wanted) => {
      const { startListening } = await import('./listen/start-listening.ts');
      return startListening(context, wanted);
    },
    settings: (phone) => applyEnvironment(phone, env),
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
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    // Commander has shown the help already: `atcom` alone, or `atcom config`.
    if (error instanceof CommanderError && error.code === 'commander.help') return 2;
    const typed = commandName ?? argv.find((word) => !word.startsWith('-')) ?? '';
    const known = program.commands.some((command) => command.name() === typed) ? typed : '';
    const failure = expected(surroundings.signal.aborted ? surroundings.signal.reason : error, known);
    return fail(failure, typed, output);
  }
}

/** `config show` for the command of that name. */
function fullName(command: CommandUnknownOpts): string {
  const parent = command.parent;
  return parent === null || parent.parent === null ? command.name() : `${fullName(parent)} ${command.name()}`;
}

/** Wrong words become a usage error; what is no expected error at all becomes a bug. */
function expected(error: unknown, command = ''): AtcomError {
  if (isAtcomError(error)) return error;
  const problem = wordsProblem(error);
  if (problem !== undefined) {
    const { reason, hint = '' } = problem;
    return new AtcomError('usage', { reason, hint: hint || `atcom help ${command}`.trim() });
  }
  const cause = error instanceof Error ? error : new Error(String(error));
  return new AtcomError('bug', { stack: cause.stack ?? cause.message }, { cause });
}

function fail(error: AtcomError, command: string, output: Output): number {
  const { exitCode } = error;
  const document: ErrorDocument = { ...documentHead(command, exitCode), error };
  if (output.json) output.result(document, () => '');
  else output.note((paint) => errorText(error.toJSON(), paint));
  return exitCode;
}

/** Runs the command line with the real process around it; returns the exit code. */
export async function run({ stdout, env, argv }: NodeJS.Process): Promise<number> {
  const stop = new AbortController();
  // Once: a second Ctrl-C ends the process at once, as everywhere.
  const interrupt = () => stop.abort(new AtcomError('interrupted', {}));
  const terminate = () => stop.abort(new AtcomError('terminated', {}));
  process.once('SIGINT', interrupt).once('SIGTERM', terminate);
  // `atcom keys | head -1` closes the pipe early; that is no error of this program.
  stdout.on('error', passOverClosedPipe);
  try {
    return await main(argv.slice(2), {
      // Node makes each of these streams at its first use, which costs more than most commands do.
      stdin: () => process.stdin,
      stdout,
      stderr: {
        write: (text) => {
          // Whoever read it may be gone, as with `2>&1 | head -1`; the run goes on, and cleans up.
          if (process.stderr.listenerCount('error') === 0) process.stderr.on('error', passOverClosedPipe);
          return process.stderr.write(text);
        },
        isTTY: isatty(2),
        get columns() {
          return process.stderr.columns;
        },
      },
      env,
      cwd: process.cwd(),
      pid: process.pid,
      signal: stop.signal,
      terminal: async () => {
        const { openTerminal } = await import('./terminal.ts');
        return openTerminal(process);
      },
      beforeSending: tuneV8,
    });
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', terminate);
  }
}

function passOverClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** From so many phones on, V8's optimised code pays for itself. */
const MANY_PHONES = 200;

/**
 * On Node 20 the first response makes V8 optimise undici's WebAssembly parser for more than 100 ms, and the process
 * waits for that at its end. Unoptimised code is faster up to some 200 phones. Node 22 and later have no such wait.
 */
async function tuneV8(phones = 1): Promise<void> {
  // Undici makes an error for every connection that closes, and with many phones their stacks are a fifth of the work.
  if (phones > MANY_PHONES) Error.stackTraceLimit = 0;
  else if (Number.parseInt(process.versions.v8, 10) < 12) {
    const { setFlagsFromString } = await import('node:v8');
    setFlagsFromString('--wasm-tiering-budget=2000000000');
  }
}
