import { writeSync } from 'node:fs';
import { AtcomError } from '../../errors.ts';
import type { SignalGroup, Surroundings } from '../context.ts';

/** The signals that end a run. They are all handled alike: calls are hung up and reports written. */
const ENDING_SIGNALS = {
  SIGINT: 'interrupted',
  SIGTERM: 'terminated',
  SIGHUP: 'hung-up',
  SIGQUIT: 'quit',
} as const;

/** The signal that ended a run, by the reason of its end. */
export function signalOf(reason: unknown): keyof typeof ENDING_SIGNALS | undefined {
  const { code } = (reason ?? {}) as Partial<AtcomError>;
  const names = Object.keys(ENDING_SIGNALS) as (keyof typeof ENDING_SIGNALS)[];
  return names.find((name) => ENDING_SIGNALS[name] === code);
}

/**
 * Lets the process die of Ctrl-C, once all else is done: a shell that waits for a program which ends with 130 takes it that
 * the program has dealt with that, and goes on with the next line of its script, or the next phone of a loop.
 */
export function dieOfInterrupt(host: Pick<NodeJS.Process, 'once' | 'kill' | 'pid' | 'platform'>): void {
  // Windows has no such signals. Process 1 of a container does not die of any, and ends with its exit code.
  if (host.platform !== 'win32') host.once('exit', () => host.kill(host.pid, 'SIGINT'));
}

/**
 * Whether nohup started this program. Node undoes whatever signals were ignored before it, and tells nobody; what is left
 * is `_`, in which bash and zsh name the program that they start.
 */
export function isNohup(env: Readonly<Record<string, string | undefined>>): boolean {
  return /(^|\/)nohup$/.test(env['_'] ?? '');
}

/**
 * Signals within this many milliseconds are one wish to end: `timeout` sends its signal to the program and to its group,
 * systemd SIGHUP after SIGTERM. Nobody presses Ctrl-C again as soon.
 */
const ONE_WISH = 200;

/** What a second signal leaves unfinished. */
const LEFT_BEHIND =
  'atcom: ended at once; a request may have left, a call may be up, and reports may be missing\n';

/**
 * The first signal ends the run in an orderly way; another one, unless it comes at once, ends the process, and says what
 * that leaves behind.
 */
export function endOnSignals(stop: AbortController, env: Surroundings['env']): () => void {
  let first: number | undefined;
  const listeners = Object.entries(ENDING_SIGNALS).map(([signal, code]) => {
    if (signal === 'SIGHUP' && isNohup(env)) {
      process.on(signal, () => undefined);
      return () => undefined;
    }
    const end = () => {
      first ??= performance.now();
      if (performance.now() - first < ONE_WISH) return stop.abort(new AtcomError(code, {}));
      forget();
      tryWrite(LEFT_BEHIND);
      return process.kill(process.pid, signal);
    };
    process.on(signal, end);
    return () => process.off(signal, end);
  });
  // Node would open a debugger, through which every user of this computer could run code as this one.
  const ignore = () => undefined;
  process.on('SIGUSR1', ignore);
  const forget = () => {
    for (const each of listeners) each();
    process.off('SIGUSR1', ignore);
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

/** Sends a signal to a process group; returns false if it no longer exists. */
export function signalGroup(kill: (pid: number, signal: 'SIGTERM' | 'SIGKILL' | 0) => void): SignalGroup {
  return (pid, signal) => {
    try {
      kill(-pid, signal);
      return true;
    } catch {
      return false;
    }
  };
}
