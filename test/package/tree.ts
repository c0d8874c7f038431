import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { afterAll, onTestFinished } from 'vitest';
import { type Ended, ROOT, run } from '../house/run.ts';

/** A program that goes on until the test is over. */
export interface Going {
  /** Its next line, of stdout or stderr. */
  line(): Promise<string>;
  /** Ends it, and returns its exit code. */
  stop(): Promise<number | null>;
}

/** A folder tree with nothing in it but a program and what it is linked to: no Node, no npm, no checkout. */
export class BareTree {
  readonly root = mkdtempSync(join(tmpdir(), 'atcom-tree-'));

  constructor(program: string) {
    afterAll(() => rmSync(this.root, { recursive: true, force: true }));
    for (const folder of ['tmp', 'home']) mkdirSync(join(this.root, folder));
    this.add(program, 'atcom');
    const linked = execFileSync('ldd', [program], { encoding: 'utf8' });
    for (const [library] of linked.matchAll(/\/\S+/g)) this.add(library, library);
  }

  /** Copies a file of this machine, or of the checkout, into the tree. */
  add(from: string, to: string): void {
    const target = join(this.root, to);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(from.startsWith('/') ? '' : ROOT, from), target, { dereference: true, recursive: true });
  }

  /** Runs the program with these words and no other environment than given. */
  atcom(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return run('/usr/sbin/chroot', [this.root, '/atcom', ...words], { env: { HOME: '/home', ...env } });
  }

  /** Starts the program and lets it run. */
  start(...words: string[]): Going {
    const child = spawn('/usr/sbin/chroot', [this.root, '/atcom', ...words], {
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
    return { line, stop };
  }
}
