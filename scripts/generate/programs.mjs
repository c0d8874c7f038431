// The output of the project's programs.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What `node …` writes to stdout at the root of the project, or to both, with this exit code. */
function output(args, expected, { both = false, ...colour } = {}) {
  const { FORCE_COLOR, NO_COLOR, ...inherited } = process.env;
  const env = { ...inherited, ...colour };
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  if (status !== expected)
    throw error ?? new Error(`${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
  return both ? stdout + stderr : stdout;
}

export const atcom = (words, expected = 0, options = {}) =>
  output(['bin/atcom.js', ...words.split(' ')], expected, options);

/** A scenario that fails, and its output. */
export function failing() {
  const words = 'test examples/failing/rings-in-vain.yaml';
  const folder = mkdtempSync(join(tmpdir(), 'atcom-traces-'));
  try {
    const text = atcom(`${words} --trace ${folder}`, 6, { both: true });
    return `$ atcom ${words}\n${text.replaceAll(folder, 'atcom-traces')}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A failure, because it shows more than a success; nothing listens on port 1. */
export const json = () => JSON.stringify(JSON.parse(atcom('dial 6040 --to 127.0.0.1:1 --json', 3)), null, 2);

let played;

/** The demo in colour, run once. Its phones listen on free ports; here they get the usual ones. */
export function colouredDemo() {
  played ??= output(['scripts/demo.mjs'], 0, { FORCE_COLOR: '1' });
  const text = stripVTControlCharacters(played);
  const [first, second] = Array.from(text.matchAll(/^virtual-\d.*http:\/\/(.*)$/gm), ([, host]) => host);
  const [, listener] = /^Listening on http:\/\/(.*)$/m.exec(text) ?? [];
  return played
    .replaceAll(first, '127.0.0.1:7001')
    .replaceAll(second, '127.0.0.1:7002')
    .replaceAll(listener, '127.0.0.1:8088');
}

export const demo = () => stripVTControlCharacters(colouredDemo());
