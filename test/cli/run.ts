import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { onTestFinished } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { signalGroup } from '../../src/cli/process/signals.ts';
import { COMMANDS } from '../../src/cli/program.ts';
import type { Transport } from '../../src/phone/index.ts';
import { newFolder } from '../support/folder.js';
import { shareListeners } from '../support/same-user.ts';

/** What a run of the command line came to. */
export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a test sets around a run; everything else is empty: no config, no environment, no terminal. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly transport?: Transport;
  /** The ARP table; an empty one by default. */
  readonly arp?: string;
  readonly signal?: AbortSignal;
  /** Called for each text that is written. */
  readonly watch?: (stream: 'stdout' | 'stderr', text: string) => void;
  /** What comes in by a pipe. */
  readonly input?: string;
  /** Its stdin, in place of `input`. */
  readonly stdin?: PassThrough;
  /** What a person types on a terminal; without it there is none. */
  readonly typed?: string;
  /** The user, in place of the one who runs the tests. */
  readonly uid?: number;
  /** Commands besides those of the program. */
  readonly commands?: typeof COMMANDS;
}

/** A folder with neither a config file nor one above it. */
export function emptyFolder(): string {
  const folder = newFolder('test');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs the command line in this process, with words as a shell would give them. */
export async function run(words: readonly string[], options: RunOptions = {}): Promise<Run> {
  const written = { stdout: '', stderr: '' };
  const folder = options.cwd ?? emptyFolder();
  shareListeners(folder);
  const terminal = options.typed !== undefined;
  const stream = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      written[name] += text;
      options.watch?.(name, text);
    },
    isTTY: terminal,
  });
  const stdin = Object.assign(options.stdin ?? new PassThrough(), { isTTY: terminal });
  if (options.stdin === undefined) stdin.end(options.typed ?? options.input ?? '');
  const surroundings = {
    stdin: () => stdin,
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    env: { HOME: folder, XDG_CONFIG_HOME: join(folder, '.user'), NO_COLOR: '1', ...options.env },
    cwd: folder,
    pid: process.pid,
    uid: options.uid ?? process.geteuid?.(),
    signalGroup: signalGroup(process.kill.bind(process)),
    signal: options.signal ?? new AbortController().signal,
    transport: options.transport,
    readArp: async () => options.arp ?? '',
  };
  const exitCode = await main(words, surroundings, { ...COMMANDS, ...options.commands });
  return { exitCode, ...written };
}

/** The same, with the state of the user outside of the current folder: what is in a project cannot be trusted by itself. */
export function runApart(
  words: readonly string[],
  options: RunOptions & { readonly cwd: string },
): Promise<Run> {
  const state = `${options.cwd}-state`;
  onTestFinished(() => rmSync(state, { recursive: true, force: true }));
  return run(words, { ...options, env: { XDG_STATE_HOME: state, ...options.env } });
}

/** `--port 0`, unless the words name a port. */
export function anyPort(words: readonly string[]): readonly string[] {
  return words.includes('--port') ? [] : ['--port', '0'];
}
