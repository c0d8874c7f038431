// Writes what stands between markers in the README and the pages of docs/, and the JSON Schema of scenario files: npm run generate. With
// --check it writes nothing and fails on drift. Needs dist/.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KEY_DEFINITIONS, rangeText } from '../dist/protocol/keys.js';
import { MODEL_NAMES } from '../dist/protocol/models.js';
import { OTHER_EXIT_CODES, OUTCOMES } from '../dist/protocol/outcomes.js';
import { startReceiver } from '../dist/receiver/index.js';
import { startSimulator } from '../dist/simulator/index.js';

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
  confirm: () => onVirtualPhones(confirm),
  doctor: () => onVirtualPhones(doctor),
  journal: () => onVirtualPhones(journal),
  building: () => example('sh', 'building.sh'),
  batch: () => example('text', 'night.atcom'),
  scenario: () => example('yaml', 'scenarios/attended-transfer.yaml'),
  failing: () => fenced('text', failing()),
  vitest: () => example('typescript', 'vitest/call.test.ts'),
};

/** A call that is confirmed, and one that is not. */
async function confirm({ phones, config, atcom, receiver }) {
  const [reception, lobby] = await phones({ phones: 2, approved: true, actionUrl: receiver.url });
  config({ reception, lobby });
  await atcom('dial 6002 --to reception --confirm');
  await atcom('hangup --to reception --confirm');
  await atcom('dnd on --to lobby --confirm');
  await atcom('dial 6002 --to reception --wait established:1s');
}

/** A phone that asks. */
async function doctor({ phones, config, atcom }) {
  const [reception] = await phones({ phones: 1 });
  config({ reception });
  await atcom('doctor reception');
}

/** A building with two phones that fail, and one of them again. */
async function journal({ phones, config, atcom }) {
  const willing = await phones({ phones: 40, approved: true });
  const [asking] = await phones({ phones: 1 });
  const hosts = willing.map((host, index) => ({ 22: 'dead', 30: asking })[index] ?? host);
  config(
    Object.fromEntries(hosts.map((host, index) => [`lab-${String(index + 1).padStart(2, '0')}`, host])),
    { dead: '10.0.0.123', [asking]: '10.0.0.131' },
  );
  const words = `dnd on --to 'lab-*!lab-[05-09]' --yes`;
  await atcom(`${words} --serial 1,10%,100% --max-fail 10% --journal night.jsonl`);
  await fetch(`http://${asking}/_sim/lcd`, { method: 'POST', body: '{"press":"save"}' });
  await atcom(`${words} --retry-failed night.jsonl`);
}

/** What commands write, run on virtual phones; their addresses become such as a building has. */
async function onVirtualPhones(story) {
  const folder = mkdtempSync(join(tmpdir(), 'atcom-generate-'));
  const receiver = await startReceiver({ port: 0 });
  const simulators = [];
  const names = new Map([
    [`${folder}/`, ''],
    [String(receiver.port), '8088'],
  ]);
  let text = '';
  const home = Object.fromEntries(
    ['HOME', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA'].map((name) => [name, folder]),
  );
  const inherited = Object.entries(process.env).filter(([name]) => !/^(ATCOM|XDG)_|^FORCE_COLOR$/.test(name));
  const env = { ...Object.fromEntries(inherited), ...home, NO_COLOR: '1' };
  const kit = {
    receiver,
    phones: async (options) => {
      const simulator = await startSimulator(options);
      simulators.push(simulator);
      for (const [index, { host }] of simulator.phones.entries()) {
        names.set(host.replace('127.0.0.1:', ''), String(7001 + index));
      }
      return simulator.phones.map(({ host }) => host);
    },
    config: (phones, shown = {}) => {
      for (const [host, name] of Object.entries(shown))
        names.set(host === 'dead' ? '127.0.0.1:1' : host, name);
      const lines = Object.entries(phones).map(
        ([name, host]) => `  ${name}: ${host === 'dead' ? '127.0.0.1:1' : host}\n`,
      );
      writeFileSync(
        join(folder, 'atcom.config.yaml'),
        `listener: { port: ${receiver.port} }\nphones:\n${lines.join('')}`,
      );
    },
    atcom: async (line) => {
      text += `$ atcom ${line}\n${await shell(`exec "$NODE" "$ATCOM" ${line} 2>&1`, folder, env)}`;
    },
  };
  try {
    await story(kit);
  } finally {
    await Promise.all(simulators.map((simulator) => simulator.close()));
    await receiver.close();
    rmSync(folder, { recursive: true, force: true });
  }
  // The longest first: one address can begin another.
  for (const [host, name] of [...names].sort(([one], [other]) => other.length - one.length)) {
    text = text.replaceAll(host, name);
  }
  return fenced('text', text);
}

function shell(script, cwd, env) {
  return new Promise((resolve, reject) => {
    const variables = { ...env, NODE: process.execPath, ATCOM: join(root, 'bin', 'atcom.js') };
    const child = spawn('sh', ['-c', script], { cwd, env: variables, stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text;
    });
    child.once('error', reject).once('close', () => resolve(out));
  });
}

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

/** A scenario that fails, and what a person reads of it. */
function failing() {
  const file = 'examples/failing/rings-in-vain.yaml';
  const { stdout } = spawnSync(process.execPath, ['bin/atcom.js', 'test', file, '--no-trace'], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1' },
    encoding: 'utf8',
  });
  return `$ atcom test ${file}\n${stdout}`;
}

/** The demo's phones listen on free ports; here they get those that a user meets. */
function demo() {
  const output = run('scripts/demo.mjs');
  const [first, second] = Array.from(output.matchAll(/^virtual-\d.*http:\/\/(.*)$/gm), ([, host]) => host);
  const [, listener] = /^Listening on http:\/\/(.*)$/m.exec(output) ?? [];
  return output
    .replaceAll(first, '127.0.0.1:7001')
    .replaceAll(second, '127.0.0.1:7002')
    .replaceAll(listener, '127.0.0.1:8088');
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

/** Times differ from run to run, and which of two phones reports first: that is no drift. */
const lasting = (text) =>
  text
    .replace(/\d+ ms|"ms": \d+|[+-]?\d+\.\d+ s\b/g, 'ms')
    .replace(/(^ {2}event .*\n)+/gm, (lines) => lines.split('\n').sort().join('\n'));

const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)]
  .filter((page) => page.endsWith('.md'))
  .map((page) => ({ page, before: readFileSync(join(root, page), 'utf8') }));
const fresh = new Map();
for (const { page, before } of pages) {
  for (const [, , name] of before.matchAll(MARKED)) {
    const section = SECTIONS[name];
    if (section === undefined) throw new Error(`${page} has a section ${name}, and nothing generates it`);
    if (!fresh.has(name)) fresh.set(name, `${await section()}\n`);
  }
}
const missing = Object.keys(SECTIONS).filter((name) => !fresh.has(name));
if (missing.length > 0) throw new Error(`no page has a section ${missing.join(', ')}`);

const schema = 'schemas/scenario.json';
const files = [
  {
    file: schema,
    before: readFileSync(join(root, schema), 'utf8'),
    after: run('bin/atcom.js', 'test', '--schema'),
  },
  ...pages.map(({ page, before }) => ({ file: page, before, after: before.replace(MARKED, refreshed) })),
];
for (const { file, before, after } of files) {
  if (before === after) continue;
  if (!process.argv.includes('--check')) writeFileSync(join(root, file), after);
  else {
    console.error(`${file} is not what the sources generate: npm run generate`);
    process.exitCode = 1;
  }
}

function refreshed(whole, open, name, content, close) {
  return lasting(fresh.get(name)) === lasting(content) ? whole : `${open}${fresh.get(name)}${close}`;
}
