import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { onTestFinished } from 'vitest';

/** A program that goes on until the test is over. */
export interface Going {
  readonly pid: number | undefined;
  /** Its next line, of stdout or stderr. */
  line(): Promise<string>;
  /** Ends it, and returns its exit code. */
  stop(): Promise<number | null>;
}

/** Starts a program that has this folder for its root, and lets it run. */
export function start(root: string, words: readonly string[]): Going {
  const child = spawn('/usr/sbin/chroot', [root, ...words], {
    env: { HOME: '/home' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = new PassThrough();
  for (const stream of [child.stdout, child.stderr]) stream.pipe(output, { end: false });
  const lines = createInterface({ input: output })[Symbol.asyncIterator]();
  const ended = once(child, 'close') as Promise<[number | null]>;
  void ended.then(() => output.end());
  const stop = async () => {
    child.kill('SIGINT');
    return (await ended)[0];
  };
  onTestFinished(async () => void (await stop()));
  const line = async (): Promise<string> => {
    const { value } = await lines.next();
    return value ?? '';
  };
  return { pid: child.pid, line, stop };
}
