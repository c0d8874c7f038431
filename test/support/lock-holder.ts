import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

const SCRIPT = new URL('./lock-holder.mjs', import.meta.url).pathname;

/** Whether this is root: others can neither become somebody else nor make containers. */
export const IS_ROOT = process.getuid?.() === 0;

/** The words before a command that run it as nobody. */
export const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] as const;

/** The words before a command that run it where it sees neither the other processes nor the name of the host. */
export const IN_CONTAINER = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', '--uts'] as const;

/** Another process that locks files. */
export interface Holder {
  readonly child: ChildProcess;
  /** Its number, as it sees it itself. */
  readonly pid: number;
  /** `free` where it has the file now, `held` where somebody else has it. */
  take(file: string): Promise<string>;
  drop(): Promise<string>;
  /** Ends it as a crash does, and waits until it is gone. */
  kill(): Promise<void>;
}

/** Starts a process that locks files. @param before - words before its command */
export async function startHolder(before: readonly string[] = []): Promise<Holder> {
  const [command = process.execPath, ...args] = [...before, process.execPath, SCRIPT];
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => String((await lines.next()).value);
  const ask = (words: string) => {
    child.stdin.write(`${words}\n`);
    return answer();
  };
  const [, pid] = /^ready (\d+)$/.exec(await answer()) ?? [];
  if (pid === undefined) throw new Error('the holder did not start');
  return {
    child,
    pid: Number(pid),
    take: (file) => ask(`take ${file}`),
    drop: () => ask('drop'),
    kill: async () => {
      const gone = once(child, 'close');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
