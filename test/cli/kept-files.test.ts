import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { checkTraces, writeTrace } from '../../src/cli/test/trace.ts';
import type { ScenarioResult } from '../../src/scenario/index.ts';
import { me } from '../support/me.ts';
import { lab } from './lab.ts';
import { emptyFolder, run } from './run.ts';

const SCENARIO = 'name: call\nphones: { a: { virtual: A48 } }\nsteps:\n  - a: hold\n';

/** Files that somebody made, under their own name, a link and a hard link. */
function workplace(files: Readonly<Record<string, string>>) {
  const cwd = emptyFolder();
  mkdirSync(join(cwd, 'links'));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(cwd, name), text, { mode: 0o600 });
    symlinkSync(join(cwd, name), join(cwd, 'links', `soft-${name}`));
    linkSync(join(cwd, name), join(cwd, 'links', `hard-${name}`));
  }
  return cwd;
}

it.each([
  ['a scenario', 'own.yaml', SCENARIO, (file: string) => ['test', 'own.yaml', '--report', `html:${file}`]],
  [
    'a sound',
    'a.wav',
    'RIFF    WAVE',
    (file: string) => ['test', '--check', 'a.wav', '--report', `tap:${file}`],
  ],
  [
    'XML of another kind',
    'own.xml',
    '<?xml version="1.0"?>\n<own><testsuite/></own>\n',
    (file: string) => ['hold', '--to', 'virtual', '--report', `junit:${file}`],
  ],
  [
    'a web page',
    'own.html',
    '<!DOCTYPE html>\n<title>atcom</title>\n',
    (file: string) => ['hold', '--to', 'virtual', '--report', `tap:${file}`],
  ],
  [
    'a config',
    'atcom.config.json',
    '{"phones":{"p":"127.0.0.1:1"}}',
    (file: string) => ['hold', '--to', 'p', '--report', `junit:${file}`],
  ],
  [
    'targets',
    't.txt',
    'virtual\n',
    (file: string) => ['hold', '--targets-file', 't.txt', '--report', `tap:${file}`],
  ],
  [
    'JSON of another command',
    'phones.json',
    '{"schema":"atcom/1","command":"phones"}',
    (file: string) => ['hold', '--to', 'virtual', '--report', `tap:${file}`],
  ],
  ['commands', 'x', 'hold --to virtual --report tap:FILE\n', (_: string) => ['run', 'x']],
  [
    'the file of a run that is refused',
    'q',
    '{"schema":"atcom-journal/1"}\n',
    (file: string) => ['hold', '--to', 'nobody', '--resume', 'q', '--report', `junit:${file}`],
  ],
])('%s is not replaced by a report, whatever its name is', async (_, name, text, words) => {
  for (const file of [name, `links/soft-${name}`, `links/hard-${name}`]) {
    const before = text.replace('FILE', file);
    const cwd = workplace({ [name]: before });
    const from = process.cwd();
    process.chdir(cwd);
    try {
      const { exitCode, stderr } = await run(words(file), { cwd });
      expect([exitCode, readFileSync(join(cwd, name), 'utf8')]).toEqual([2, before]);
      if (name !== 'q' && name !== 'a.wav') expect(stderr).toContain('it holds something else than a report');
    } finally {
      process.chdir(from);
    }
  }
});

it('a journal is not replaced by a report of its own run, and no phone is pressed', async () => {
  const { cwd, presses } = await lab(2);
  const q = join(cwd, 'q');
  const words = ['key', 'DND_ON', '--all', '--yes'];
  const both = join(cwd, 'both');
  const same = await run([...words, '--journal', both, '--report', `tap:${both}`], { cwd });
  expect([same.exitCode, same.stderr]).toEqual([2, expect.stringContaining('give each its own file')]);
  expect(presses()).toEqual([0, 0]);
  expect((await run([...words, '--journal', q], { cwd })).exitCode).toBe(0);
  const journal = readFileSync(q, 'utf8');
  const again = await run([...words, '--resume', q, '--report', `junit:${q}`], { cwd });
  expect([again.exitCode, readFileSync(q, 'utf8')]).toEqual([2, journal]);
  expect(presses()).toEqual([1, 1]);
});

it('a report is replaced by one, also of another kind, and so is an empty file', async () => {
  const cwd = emptyFolder();
  const file = join(cwd, 'r');
  writeFileSync(file, '');
  for (const kind of ['junit', 'tap', 'junit']) {
    const { exitCode } = await run(['hold', '--to', 'virtual', '--report', `${kind}:${file}`], { cwd });
    expect(exitCode).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(kind === 'tap' ? /^TAP version/ : /^<\?xml/);
  }
});

it('a report of scenarios of every kind is replaced by one', async () => {
  const cwd = workplace({ 'own.yaml': SCENARIO });
  const file = join(cwd, 'r');
  for (const kind of ['html', 'json', 'junit', 'tap', 'html', 'html']) {
    const { exitCode } = await run(['test', 'own.yaml', '--report', `${kind}:${file}`, '--port', '0'], {
      cwd,
    });
    expect(exitCode).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(
      { html: /^<!DOCTYPE/, json: /^\{/, junit: /^<\?xml/, tap: /^TAP/ }[kind] ?? '',
    );
  }
});

it.each([
  ['a journal', 'try-1.jsonl', '{"schema":"atcom-journal/1"}\n'],
  ['a note', 'try-7.sip.txt', 'my notes: call back\n'],
])('%s is not replaced by a trace, and nothing is pressed', async (_, name, text) => {
  const { cwd, presses } = await lab(1);
  const steps = '[{ a: hold }, { a: { expect: hold, within: 100ms } }]';
  writeFileSync(join(cwd, 's.yaml'), `name: x\nphones: { a: lab-001 }\nsteps: ${steps}\n`);
  const file = join(cwd, 'atcom-traces/01-x', name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const { exitCode, stderr } = await run(['test', 's.yaml', '--port', '0'], { cwd });
  expect([exitCode, presses(), readFileSync(file, 'utf8')]).toEqual([2, [0], text]);
  expect(stderr).toContain(`atcom-traces/01-x/${name} cannot be written: it holds something else than`);
  expect((await run(['test', 's.yaml', '--port', '0', '--no-trace'], { cwd })).exitCode).toBe(6);
  // Also if it has come there since the run began.
  const error = await writeTrace({ cwd, ...me({}) }, 'atcom-traces', FAILED, 1).catch((one) => one);
  expect(error.message).toContain(`atcom-traces/01-x/${name} cannot be written: it holds something else`);
  expect(readdirSync(dirname(file))).toEqual([name]);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

it.each<[string, string, (path: string) => void]>([
  ['a folder', 'try-1.jsonl', (path) => mkdirSync(path)],
  ['a pipe', 'try-7.sip.txt', (path) => execFileSync('mkfifo', [path])],
  ['a link to a device', 'try-1.jsonl', (path) => symlinkSync('/dev/null', path)],
  ['a link to nothing', 'try-2.jsonl', (path) => symlinkSync('nothing', path)],
])('%s is no trace, and nothing is pressed', async (_, name, make) => {
  const { cwd, presses } = await lab(1);
  const steps = '[{ a: hold }, { a: { expect: hold, within: 100ms } }]';
  writeFileSync(join(cwd, 's.yaml'), `name: x\nphones: { a: lab-001 }\nsteps: ${steps}\n`);
  const folder = join(cwd, 'atcom-traces/01-x');
  mkdirSync(folder, { recursive: true });
  make(join(folder, name));
  const before = lstatSync(join(folder, name)).ino;
  const { exitCode, stderr } = await run(['test', 's.yaml', '--port', '0'], { cwd });
  expect([exitCode, presses()]).toEqual([2, [0]]);
  const reason = `atcom-traces/01-x/${name} cannot be written: it is no plain file`;
  expect(stderr).toContain(reason);
  // Also if it has come there since the run began.
  const error = await writeTrace({ cwd, ...me({}) }, 'atcom-traces', FAILED, 1).catch((one) => one);
  expect(error.message).toContain(reason);
  expect([readdirSync(folder), lstatSync(join(folder, name)).ino]).toEqual([[name], before]);
});

/** A failure on a PBX. */
const FAILED: ScenarioResult = {
  name: 'x',
  file: 's.yaml',
  line: 1,
  tags: [],
  status: 'failed',
  ms: 1,
  phones: [{ role: 'a', phone: 'lab-6003', host: '', virtual: true, sip: 'sip:6003@127.0.0.1:5060' }],
  attempts: [{ verdict: 'failed', started: '', ms: 1, steps: [], trace: [] }],
};

it('a trace is replaced by one, and so is an empty file', async () => {
  const cwd = emptyFolder();
  const folder = join(cwd, 'traces/01-x');
  const write = () => writeTrace({ cwd, ...me({}) }, 'traces', FAILED, 1);
  await write();
  const names = readdirSync(folder);
  expect(names).toEqual(['try-1.jsonl', 'try-1.sip.txt']);
  const texts = () => names.map((name) => readFileSync(join(folder, name), 'utf8'));
  const before = texts();
  await write();
  expect(texts()).toEqual(before);
  for (const name of [...names, 'try-2.jsonl']) writeFileSync(join(folder, name), '');
  checkTraces({ cwd }, 'traces', [FAILED]);
  await write();
  expect([readdirSync(folder), texts()]).toEqual([names, before]);
});

it('two names of one file are one: for reports, and for a report and a journal', async () => {
  const { cwd, presses } = await lab(1);
  const words = ['key', 'DND_ON', '--all', '--yes'];
  const [r, link, j] = [join(cwd, 'r'), join(cwd, 'link'), join(cwd, 'j')];
  writeFileSync(r, '');
  symlinkSync(r, link);
  mkdirSync(join(cwd, 'real'));
  symlinkSync(join(cwd, 'real'), join(cwd, 'alias'));
  symlinkSync(join('real', 'ahead'), join(cwd, 'ahead'));
  for (const pair of [
    ['--report', `junit:${r}`, '--report', `tap:${link}`],
    ['--journal', r, '--report', `tap:${link}`],
    ['--journal', j, '--report', `tap:${join(cwd, 'real', '..', 'j')}`],
    ['--journal', join(cwd, 'real', 'new'), '--report', `tap:${join(cwd, 'alias', 'new')}`],
    ['--journal', join(cwd, 'alias', 'later', 'new'), '--report', `tap:${join(cwd, 'real', 'later', 'new')}`],
    ['--journal', join(cwd, 'ahead'), '--report', `tap:${join(cwd, 'alias', 'ahead')}`],
  ]) {
    const { exitCode, stderr } = await run([...words, ...pair], { cwd });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('give each its own file')]);
    expect(readdirSync(join(cwd, 'real')).filter((name) => name !== 'later')).toEqual([]);
  }
  expect(presses()).toEqual([0]);
});

it.each([
  ['--journal', 'hold --to nobody'],
  ['--journal', 'dial 60x40 --to virtual'],
  ['--resume', 'hold --to virtual'],
  ['--retry-failed', 'hold --to virtual'],
])('a run that is refused leaves no report in the file of its %s', async (option, text) => {
  const cwd = emptyFolder();
  mkdirSync(join(cwd, 'real'));
  symlinkSync('real', join(cwd, 'alias'));
  const file = join(cwd, 'real', 'q');
  const other = join(cwd, 'other');
  for (const name of [file, join(cwd, 'alias', 'q')]) {
    for (const words of [[option, file], [`${option}=${file}`]]) {
      const reports = [`--report=tap:${name}`, '--report', `tap:${other}`];
      expect((await run([...text.split(' '), ...words, ...reports], { cwd })).exitCode).toBe(2);
      expect(existsSync(file)).toBe(false);
      expect(readFileSync(other, 'utf8')).toContain('not ok 1');
    }
    writeFileSync(join(cwd, 'x'), `${text} ${option} ${file} --report tap:${name}\nhold --to nobody\n`);
    expect((await run(['run', 'x'], { cwd })).exitCode).toBe(2);
    expect(existsSync(file)).toBe(false);
  }
});

it.runIf(process.geteuid?.() === 0)('a file that can be written and not read is not replaced', async () => {
  const cwd = emptyFolder();
  const file = join(cwd, 'r');
  writeFileSync(file, 'precious');
  chmodSync(file, 0o222);
  chmodSync(cwd, 0o777);
  process.seteuid?.(65534);
  try {
    const { exitCode, stderr } = await run(['hold', '--to', 'virtual', '--report', `tap:${file}`], { cwd });
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining('cannot be read, and may be something else'),
    ]);
  } finally {
    process.seteuid?.(0);
  }
  expect(readFileSync(file, 'utf8')).toBe('precious');
});
