import { spawn } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { afterAll } from 'vitest';
import { newFolder } from '../support/folder.js';

export const ROOT = resolve(import.meta.dirname, '../..');

/** What a process wrote, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly cwd?: string | undefined;
  /** Ends the process with SIGTERM once it has written this. */
  readonly until?: string | undefined;
}

/** A folder that is removed after the test file. */
export function temporaryFolder(): string {
  const folder = newFolder('house');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * An environment in which `atcom` is the built program, without any settings of the user who runs the tests.
 *
 * @param home - an empty folder
 */
export function cleanEnvironment(home: string): Record<string, string> {
  const shim = join(home, 'atcom');
  writeFileSync(shim, `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'bin/atcom.js')}' "$@"\n`);
  chmodSync(shim, 0o755);
  return { PATH: [home, process.env['PATH']].join(delimiter), HOME: home };
}

/** Runs a program to its end. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return new Promise((done, fail) => {
    const { env = process.env, cwd = ROOT, until } = options;
    // Kill what hangs, so that a failed test leaves nothing behind.
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      // Once: a second signal ends a program at once.
      if (until !== undefined && out.includes(until) && !child.killed) child.kill('SIGTERM');
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.once('error', fail).once('close', (code) => done({ code, out, err }));
  });
}
