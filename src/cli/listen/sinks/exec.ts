import type { ChildProcess } from 'node:child_process';
import { onAbort } from '../../../abort.ts';
import type { Environment } from '../../../config/index.ts';
import { withoutPassword } from '../../../errors/passwords.ts';
import { printable, visible } from '../../../errors/visible.ts';
import { VARIABLE_DEFINITIONS } from '../../../protocol/variables.ts';
import type { ReportedEvent } from '../../../receiver/index.ts';
import type { SignalGroup } from '../../context.ts';
import type { Writable } from '../../output/output.ts';
import { withoutOurs } from '../../process/without-ours.ts';
import { commandOutput } from './command-output.ts';
import { type Complain, queueSink, type Sink } from './sink.ts';

/** The timeout of a command, in milliseconds; it can start longer work with `&`. */
const WITHIN = 60_000;

/** How long a command has to end after SIGTERM, in milliseconds. */
const LAST_MOMENT = 300;

/** What a command runs in. */
interface CommandContext {
  readonly env: Environment;
  /** Ends a command with everything that it started; without it, only the shell is ended. */
  readonly signalGroup?: SignalGroup | undefined;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/**
 * Runs a command for every event. Values are passed in environment variables such as `ATCOM_REMOTE`, never in the
 * command itself: a caller's display name must not reach a shell.
 *
 * @param within - the timeout of each command in milliseconds
 */
export async function execSink(
  command: string,
  { env, signalGroup, stdout, stderr }: CommandContext,
  complain: Complain,
  within = WITHIN,
): Promise<Sink> {
  const { spawn } = await import('node:child_process');
  const output = await commandOutput({ stdout, stderr }, complain);
  const sink = queueSink('--exec', within, complain, ({ event, state }, ended) => {
    const child = spawn(command, {
      shell: true,
      stdio: ['ignore', ...output.handles],
      env: { ...eventEnvironment(event, env), ATCOM_STATE: state.call },
      // A separate process group, so that it can be ended as a whole.
      detached: signalGroup !== undefined,
    });
    output.print(child);
    const forget = onAbort(ended, () => endAll(child, signalGroup));
    return new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        if (ended.aborted) reject(ended.reason);
        else if (code === 0) resolve();
        else reject(new Error(signal === null ? `it ended with ${code}` : `it was killed by ${signal}`));
      });
    }).finally(forget);
  });
  return { ...sink, drain: () => sink.drain().then(output.drain) };
}

/** Ends a command and everything that it started: SIGTERM first, and SIGKILL after a moment. */
function endAll(child: ChildProcess, signalGroup: SignalGroup | undefined): void {
  const { pid } = child;
  if (pid === undefined) return;
  const signal = (name: 'SIGTERM' | 'SIGKILL' | 0) =>
    signalGroup === undefined ? child.kill(name) : signalGroup(pid, name);
  signal('SIGTERM');
  const timer = setTimeout(() => signal('SIGKILL'), LAST_MOMENT);
  // Even if the shell is gone, its children may still run.
  child.once('exit', () => {
    if (!signal(0)) clearTimeout(timer);
  });
}

/** Settings that a command may see; any other variable that begins with ATCOM_ could be a credential. */
const PASSED_ON = ['CONFIG', 'PROFILE', 'TO', 'TIMEOUT', 'DELAY', 'OFFLINE'].map((name) => `ATCOM_${name}`);

/** `listen` looks at no target, so nobody has refused a user and password in it. */
const isWithoutPassword = (env: Environment) => (name: string) => {
  const value = env[name] ?? '';
  return withoutPassword(value) === value;
};

/** Without what a terminal would obey, or a build server, where a command prints it. */
const harmless = (text: string) => visible(printable(text));

/** The environment of `--exec`: only known variables, so that no event can set `ATCOM_TO` or a password. */
export function eventEnvironment(event: ReportedEvent, env: Environment): Record<string, string | undefined> {
  const values = Object.fromEntries(Object.entries(event.values).map((pair) => pair.map(harmless)));
  const variables = VARIABLE_DEFINITIONS.filter(({ source }) => source !== 'slip').map(
    ({ name }) => [`ATCOM_${name.toUpperCase()}`, values[name] ?? ''] as const,
  );
  const [phone, path] = [event.phone, event.path].map(harmless);
  return {
    // Commands triggered by events have no need for the phones' credentials.
    ...withoutOurs(env, PASSED_ON.filter(isWithoutPassword(env))),
    ...Object.fromEntries(variables),
    ATCOM_EVENT: event.event,
    ATCOM_PHONE: phone,
    ATCOM_SOURCE: event.source,
    ATCOM_TIME: event.time,
    ATCOM_JSON: JSON.stringify({ ...event, phone, path, values }),
  };
}
