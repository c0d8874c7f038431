import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { anyPort, emptyFolder } from './run.ts';

/** How to start a program that listens. */
export interface ListenProcessOptions {
  /** Words before its command, such as those of a shell that gives it few handles. */
  readonly before?: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export const ATCOM = new URL('../../bin/atcom.js', import.meta.url).pathname;

/** The real `atcom listen`, as built, on a free port; settles once it listens. */
export async function listenProcess(
  words: readonly string[],
  { before = [], cwd = emptyFolder(), env = {} }: ListenProcessOptions = {},
) {
  const [command = '', ...args] = [...before, process.execPath, ATCOM, 'listen', ...anyPort(words), ...words];
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const written = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (text) => {
      written[name] += text;
      for (const look of waiting) look();
    });
  }
  /** Settles once all that was written fits. */
  const wrote = (what: RegExp | string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        const all = written.stdout + written.stderr;
        if (typeof what === 'string' ? !all.includes(what) : !what.test(all)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, ...written })),
  );
  await Promise.race([
    wrote('Ctrl-C ends.'),
    ended.then(({ stderr }) => Promise.reject(new Error(`it ended: ${stderr}`))),
  ]);
  const port = Number(/:(\d+)\. Ctrl-C/.exec(written.stderr)?.[1]);
  /** Sends a signal, and settles at the end with how long that took, in milliseconds. */
  const end = async (signal: NodeJS.Signals) => {
    const since = performance.now();
    child.kill(signal);
    return { ...(await ended), ms: performance.now() - since };
  };
  return { child, port, wrote, ended, end, written };
}
