import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

const SCRIPT = new URL('./lock-holder.mjs', import.meta.url).pathname;

/** Whether this is root: other users can neither switch users nor create containers. */
export const IS_ROOT = process.getuid?.() === 0;

/** The command prefix that runs a command as the user nobody. */
export const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] as const;

/** The command prefix that runs a command where it sees neither other processes nor the host's name. */
export const IN_CONTAINER = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', '--uts'] as const;

/** Another process that locks files. */
export interface Holder {
  readonly child: ChildProcess;
  /** Its process id, as it sees it. */
  readonly pid: number;
  /** `free` if it now has the lock, `held` if another process has it. */
  take(file: string): Promise<string>;
  drop(): Promise<string>;
  /** Kills it, as a crash would, and waits until it is gone. */
  kill(): Promise<void>;
}

/** Starts a process that locks files. @param before - the command prefix */
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
