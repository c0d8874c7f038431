import { spawn } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { onTestFinished } from 'vitest';
import type { Shell } from '../../src/cli/completion/shells.ts';

/** How a shell is started without anybody's settings, and told to complete `atcom`. */
const SHELLS: Readonly<Record<Shell, { readonly start: string; readonly setUp: string }>> = {
  bash: { start: 'bash --norc --noprofile -i', setUp: 'source <(atcom completion bash)' },
  zsh: {
    start: 'zsh -f -i',
    setUp: 'autoload -Uz compinit; compinit -u -D; source <(atcom completion zsh)',
  },
  fish: { start: 'fish --no-config -i', setUp: 'atcom completion fish | source' },
};

/** Ctrl-A: to the start of the line. */
const HOME = '\u0001';

/** A shell that is ready to be typed into. */
interface Terminal {
  type(text: string): void;
  /** What the first group of a pattern stands for, once it is on the screen. */
  shown(pattern: RegExp): Promise<string>;
}

/**
 * Types into a real shell on a terminal, presses TAB, and returns the words that the shell then runs.
 *
 * @param env - has `atcom` in its PATH, and a HOME
 */
export async function complete(
  shell: Shell,
  typed: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const { type, shown } = await openTerminal(shell, cwd, env);
  type(`${typed}\t${HOME}say \n`);
  const words = await shown(/<atcom>(.*?)END/s);
  return Array.from(words.matchAll(/<([^>]*)>/g), ([, word = '']) => word);
}

/** How each shell shows what it has to offer; fish has its list in a pager that this terminal cannot draw. */
const OFFERS: Readonly<Record<Shell, (typed: string) => string>> = {
  bash: (typed) => `${typed}\t\t`,
  zsh: (typed) => `${typed}\t`,
  fish: (typed) => `complete -C '${typed}'\n`,
};

/** Types, waits until all these words are offered, and returns what is on the screen then. */
export async function choices(
  shell: Shell,
  typed: string,
  words: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const { type, shown } = await openTerminal(shell, cwd, env);
  type(OFFERS[shell](typed));
  const all = words.map((word) => `(?=[^]*\\b${word}\\b)`);
  return await shown(new RegExp(`END(${all.join('')}[^]*)$`));
}

async function openTerminal(
  shell: Shell,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Terminal> {
  const say = join(env['HOME'] ?? '', 'say');
  writeFileSync(say, '#!/bin/sh\nprintf "<%s>" "$@"\necho "END"\n');
  chmodSync(say, 0o755);
  const { start, setUp } = SHELLS[shell];
  const terminal = spawn('script', ['-q', '-e', '-c', start, '/dev/null'], {
    cwd,
    env: { ...env, TERM: 'dumb' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void terminal.kill('SIGKILL'));
  let screen = '';
  let look = () => undefined as unknown;
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    look();
  });
  const shown = (pattern: RegExp) =>
    new Promise<string>((resolve) => {
      look = () => {
        const found = pattern.exec(stripVTControlCharacters(screen))?.[1];
        if (found !== undefined) resolve(found);
      };
      look();
    });
  terminal.stdin.write(`${setUp}; say ready\n`);
  await shown(/<(ready)>END/);
  return { type: (text) => terminal.stdin.write(text), shown };
}
