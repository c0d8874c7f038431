import { AtcomError } from '../../errors.ts';
import { main } from '../main.ts';
import { areRead, CarefulOutput } from './careful-output.ts';
import { endAtOnce, isLookingUp } from './end-at-once.ts';
import { isPlain, PlainOutput } from './plain-output.ts';
import { readableStdin } from './readable-stdin.ts';
import { dieOfInterrupt, endOnSignals, signalGroup, signalOf } from './signals.ts';
import { isTerminal, replaceGoneTerminals, unhindered } from './terminals.ts';
import { tuneV8 } from './tune-v8.ts';
import { refuseToDrain } from './unfinished.ts';

/** Also without the real process: a package compiles what commands use. */
export { main };

/** Runs the command line in the real process, and returns the exit code. */
export async function run({ env, argv }: NodeJS.Process): Promise<number> {
  const stop = new AbortController();
  const forget = endOnSignals(stop, env);
  let unwritten: AtcomError | undefined;
  let read = true;
  const failed = (error: AtcomError) => {
    unwritten ??= error;
    stop.abort(unwritten);
  };
  const out = isPlain(1)
    ? new PlainOutput(1, failed)
    : new CarefulOutput(() => unhindered(1, process.stdout), failed);
  // If its terminal is gone, nobody is left to read an error about that; the run continues, and cleans up.
  const err = new CarefulOutput(
    () => unhindered(2, process.stderr),
    () => undefined,
  );
  const stderr = {
    write: (text: string) => err.write(text),
    isTTY: !isPlain(2) && isTerminal(2),
    // Asked before anything is drawn, so that drawing on a terminal that went away is no error either.
    get columns() {
      return err.columns;
    },
  };
  const tell = (error: AtcomError) => {
    const { message, hint = '', code } = error;
    stderr.write(`error: ${message} [${code}]\n  Fix: ${hint}\n`);
    return error.exitCode;
  };
  const ended = refuseToDrain(process, () => tell(new AtcomError('bug', { stack: UNFINISHED })));
  const end = (code: number) => endAtOnce(process, code, signalOf(stop.signal.reason));
  try {
    const cwd = currentFolder();
    if (cwd === undefined) return tell(new AtcomError('no-folder', {}));
    const exitCode = await main(argv.slice(2), {
      // Node creates each of these streams on first use, which takes longer than most commands.
      stdin: () => readableStdin() ?? process.stdin,
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
    read = await areRead([out, err], stop.signal);
    if (!read) stderr.write('warning: the end of the output was dropped, because nobody read it\n');
    const code = unwritten === undefined ? exitCode : Math.max(tell(unwritten), exitCode);
    if (isLookingUp(process)) setTimeout(() => end(code), LAST_LOOKUP).unref();
    const { reason } = stop.signal;
    if (code === reason?.exitCode && signalOf(reason) === 'SIGINT') dieOfInterrupt(process);
    return code;
  } finally {
    ended();
    forget();
    replaceGoneTerminals();
    // What nobody reads would keep the process for ever.
    if (!read) end(stop.signal.reason.exitCode);
  }
}

/** What is known of a run that waits for something that never comes. */
const UNFINISHED = 'it waits for what never comes; a request may have left, and reports may be missing';

/** How long an ended run waits for the address of a name, in milliseconds. */
const LAST_LOOKUP = 500;

function currentFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    // The file was removed.
    return undefined;
  }
}
