// Runs common commands and keeps what V8 compiled for them: node compile.cjs <folder of chunks> <folder to write to>
// Must run on the very Node that later loads it.
const { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { PassThrough } = require('node:stream');
const { chunkLoader } = require('./chunks.cjs');

const [chunks, target] = process.argv.slice(2);
const { load, scripts } = chunkLoader((name) => readFileSync(join(chunks, `${name}.cjs`), 'utf8'));

const CONFIG = 'default: desk\nphones:\n  desk: { host: 127.0.0.1:9, model: A48 }\n';
const COMMANDS = [
  ['--help'],
  ['dial', '6040', '--dry-run'],
  ['dial', '6040', '--to', 'virtual'],
  ['phones', '--json'],
  ['help', 'scenarios'],
];

async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'atcom-compile-'));
  const nowhere = { write: () => true, isTTY: false };
  try {
    writeFileSync(join(folder, 'atcom.config.yaml'), CONFIG);
    for (const words of COMMANDS) {
      let complaints = '';
      const exitCode = await load('cli').main(words, {
        stdin: () => new PassThrough().end(),
        stdout: nowhere,
        stderr: { ...nowhere, write: (text) => (complaints += text) },
        env: { HOME: folder },
        cwd: folder,
        signal: new AbortController().signal,
      });
      if (exitCode !== 0) throw new Error(`atcom ${words.join(' ')} ended with ${exitCode}: ${complaints}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  for (const file of readdirSync(chunks)) load(file.slice(0, -'.cjs'.length));
  for (const [name, script] of scripts)
    writeFileSync(join(target, `${name}.cache`), script.createCachedData());
}

run();
