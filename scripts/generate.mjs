// Writes what stands between markers in the README: npm run generate. With --check it writes nothing and fails on
// drift. Needs dist/.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KEY_DEFINITIONS, rangeText } from '../dist/protocol/keys.js';
import { MODEL_NAMES } from '../dist/protocol/models.js';
import { OTHER_EXIT_CODES, OUTCOMES } from '../dist/protocol/outcomes.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const MARKED = /(<!-- generated:([\w-]+) -->\n)([\s\S]*?)(<!-- \/generated -->)/g;

/** What stands between the markers of each name. */
const SECTIONS = {
  demo: () => fenced('text', demo()),
  'exit-codes': exitCodes,
  models,
  keys,
  environment: () => fenced('text', run('bin/atcom.js', 'help', 'environment')),
  json: () => fenced('json', json()),
  config: () => example('yaml', 'atcom.config.yaml'),
  'night-mode': () => example('sh', 'night-mode.sh'),
  'ci-smoke': () => example('sh', 'ci-smoke.sh'),
  library: () => example('js', 'press.mjs'),
};

function exitCodes() {
  const outcomes = Object.entries(OUTCOMES).map(([name, row]) => [`\`${name}\``, row.fact, row.exitCode]);
  const others = OTHER_EXIT_CODES.map((row) => ['', row.fact, row.exitCode]);
  return table(['outcome', 'known fact', 'exit code'], [...outcomes, ...others]);
}

function models() {
  const families = KEY_DEFINITIONS.filter(({ family }) => family !== undefined);
  const rows = MODEL_NAMES.map((model) => [
    model,
    ...families.map((key) => rangeText(key, model).replace(/^no .*/, 'none')),
  ]);
  return table(['model', ...families.map(({ description }) => description.replace(/^Press an? /, ''))], rows);
}

function keys() {
  const everywhere = KEY_DEFINITIONS.map((key) => {
    const { alsoSent, aliases = [] } = key;
    const others = [...(alsoSent === undefined ? [] : [alsoSent]), ...aliases];
    return [`\`${rangeText(key)}\``, others.map((name) => `\`${name}\``).join(' '), key.description];
  });
  const digits = ['`0`–`9` `*`', '', 'Press the keypad; a number such as `6040` is one token'];
  return table(['key', 'other spellings', 'what it does'], [digits, ...everywhere]);
}

/** Aligned, as the formatter wants it. */
function table(head, rows) {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => String(row[column]).length)),
  );
  const line = (cells, filler) =>
    `| ${cells.map((cell, column) => String(cell).padEnd(widths[column], filler)).join(' | ')} |`;
  const separator = line(
    head.map(() => ''),
    '-',
  );
  return [line(head), separator, ...rows.map((row) => line(row))].join('\n');
}

function example(language, name) {
  return fenced(language, readFileSync(join(root, 'examples', name), 'utf8'));
}

function fenced(language, text) {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

function run(...args) {
  return execFileSync(process.execPath, args, {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1' },
    encoding: 'utf8',
  });
}

/** The demo's phones listen on free ports; here they get those that a user meets. */
function demo() {
  const output = run('scripts/demo.mjs');
  const [first, second] = Array.from(output.matchAll(/http:\/\/(127\.0\.0\.1:\d+)$/gm), ([, host]) => host);
  return output.replaceAll(first, '127.0.0.1:7001').replaceAll(second, '127.0.0.1:7002');
}

/** A failure, because it shows more than a success; nobody listens on port 1. */
function json() {
  const { stdout } = spawnSync(
    process.execPath,
    ['bin/atcom.js', 'dial', '6040', '--to', '127.0.0.1:1', '--json'],
    { cwd: root, encoding: 'utf8' },
  );
  return JSON.stringify(JSON.parse(stdout), null, 2);
}

/** Times differ from run to run: that is no drift. */
const withoutTimes = (text) => text.replace(/\d+ ms|"ms": \d+/g, 'ms');

const readme = join(root, 'README.md');
const before = readFileSync(readme, 'utf8');
const after = before.replace(MARKED, (whole, open, name, content, close) => {
  const section = SECTIONS[name];
  if (section === undefined) throw new Error(`README.md has a section ${name}, and nothing generates it`);
  const fresh = `${section()}\n`;
  return withoutTimes(fresh) === withoutTimes(content) ? whole : `${open}${fresh}${close}`;
});
const missing = Object.keys(SECTIONS).filter((name) => !before.includes(`<!-- generated:${name} -->`));
if (missing.length > 0) throw new Error(`README.md has no section ${missing.join(', ')}`);
if (!process.argv.includes('--check')) writeFileSync(readme, after);
else if (before !== after) {
  console.error('README.md is not what the sources generate: npm run generate');
  process.exitCode = 1;
}
