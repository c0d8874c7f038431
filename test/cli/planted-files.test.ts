import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { IS_ROOT } from '../support/lock-holder.ts';
import { emptyFolder, run } from './run.ts';

const OTHER = 1234;
const SCENARIO =
  'name: call\nphones: { a: { virtual: A48 } }\nsteps:\n  - a: { expect: hold, within: 50ms }\n';

/** A folder for everybody, in which another user has put links to what is not theirs. */
function trap() {
  const cwd = emptyFolder();
  const [common, precious] = [join(cwd, 'common'), join(cwd, 'precious')];
  mkdirSync(precious);
  mkdirSync(common);
  chmodSync(common, 0o1777);
  writeFileSync(join(precious, 'file'), '');
  writeFileSync(join(cwd, 'x.yaml'), SCENARIO);
  for (const [name, target] of [
    ['file', 'file'],
    ['new', 'new'],
    ['folder', '.'],
  ] as const) {
    symlinkSync(join(precious, target), join(common, name));
    lchownSync(join(common, name), OTHER, OTHER);
  }
  writeFileSync(join(common, 'theirs'), '');
  chownSync(join(common, 'theirs'), OTHER, OTHER);
  const untouched = () =>
    readdirSync(precious).join() === 'file' &&
    [join(precious, 'file'), join(common, 'theirs')].every((file) => readFileSync(file, 'utf8') === '');
  return { cwd, common, untouched };
}

describe.runIf(IS_ROOT)('what another user has planted is not written', () => {
  const HOLD = ['hold', '--to', 'virtual'];
  it.each<[string, (file: string) => readonly string[]]>([
    ['a report', (file) => [...HOLD, '--report', `tap:${file}`]],
    ['a report of scenarios', (file) => ['test', 'x.yaml', '--no-trace', '--report', `html:${file}`]],
    ['the report of a run that is refused', (file) => ['hold', '--to', 'nobody', '--report', `tap:${file}`]],
    ['a journal', (file) => [...HOLD, '--journal', file]],
    ['events', (file) => ['listen', '--port', '0', '--for', '1ms', '--output', file]],
  ])('by %s', async (_, wordsFor) => {
    for (const name of ['file', 'new', 'folder/file', 'folder/new', 'theirs']) {
      const { cwd, common, untouched } = trap();
      const { exitCode, stderr } = await run(wordsFor(join(common, name)), { cwd });
      expect([name, exitCode, untouched()]).toEqual([name, 2, true]);
      if (!wordsFor(name).includes('nobody')) expect(stderr).toMatch(/another user \(1234\)/);
    }
  });

  it.each<[string, (file: string) => readonly string[]]>([
    ['a report', (file) => [...HOLD, '--report', `tap:${file}`]],
    ['a report of scenarios', (file) => ['test', 'x.yaml', '--no-trace', '--report', `html:${file}`]],
    ['the report of a run that is refused', (file) => ['hold', '--to', 'nobody', '--report', `tap:${file}`]],
  ])('by %s: no pipe of theirs keeps it waiting', async (_, wordsFor) => {
    const { cwd, common } = trap();
    const pipe = join(common, 'pipe');
    execFileSync('mkfifo', ['-m', '666', pipe]);
    chownSync(pipe, OTHER, OTHER);
    expect((await run(wordsFor(pipe), { cwd })).exitCode).toBe(2);
  });

  it('by the manual', async () => {
    const { cwd, common, untouched } = trap();
    const { exitCode, stderr } = await run(['help', '--man-to', join(common, 'folder')], { cwd });
    expect([exitCode, stderr, untouched()]).toEqual([
      2,
      expect.stringContaining('is a link of another user (1234)'),
      true,
    ]);
  });

  it('by traces, and the run counts as it was', async () => {
    const { cwd, common, untouched } = trap();
    const words = ['test', 'x.yaml', '--trace', join(common, 'folder')];
    const { exitCode, stderr } = await run(words, { cwd });
    expect([exitCode, stderr, untouched()]).toEqual([
      6,
      expect.stringContaining('is a link of another user (1234)'),
      true,
    ]);
  });

  it('by the summary for GitHub', async () => {
    const { cwd, common, untouched } = trap();
    const env = { GITHUB_STEP_SUMMARY: join(common, 'file') };
    const { stderr } = await run(['test', 'x.yaml', '--no-trace', '--report', 'github'], { cwd, env });
    expect([stderr, untouched()]).toEqual([
      expect.stringContaining('is a link of another user (1234)'),
      true,
    ]);
  });

  it.each([
    ['install', '.'],
    ['remove', '.'],
    ['install', '.config'],
    ['remove', '.config'],
    ['remove', '.local/share/applications'],
  ])('by handler %s where %s in HOME is theirs', async (word, folder) => {
    const { cwd } = trap();
    const [home, bin] = [join(cwd, 'home'), join(cwd, 'bin')];
    const theirs = join(home, folder);
    mkdirSync(join(home, '.config'), { recursive: true });
    mkdirSync(theirs, { recursive: true });
    const list = join(home, '.config', 'mimeapps.list');
    const theirOwn = [
      '# my-atcom-handler.desktop is mine',
      'x-scheme-handler/callto=corp-atcom-handler.desktop',
      'x-scheme-handler/foo=',
    ].join('\n');
    const ours =
      'x-scheme-handler/tel=atcom-handler.desktop\nx-scheme-handler/sip=atcom-handler.desktop;linphone.desktop;\n';
    writeFileSync(list, `${ours}${theirOwn}`, { mode: 0o640 });
    chownSync(theirs, OTHER, OTHER);
    mkdirSync(bin);
    for (const name of ['atcom', 'xdg-mime']) {
      writeFileSync(join(bin, name), '#!/bin/sh\n');
      chmodSync(join(bin, name), 0o755);
    }
    const env = { HOME: home, PATH: bin, XDG_CONFIG_HOME: '', XDG_DATA_HOME: '' };
    const before = readdirSync(home, { recursive: true });
    const words = ['handler', word, ...(word === 'install' ? ['--to', 'virtual'] : [])];
    const { exitCode, stderr } = await run(words, { cwd, env });
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining('root handles no links for another user'),
    ]);
    expect(readdirSync(home, { recursive: true })).toEqual(before);
    expect(readFileSync(list, 'utf8')).toContain('atcom');
    chownSync(theirs, 0, 0);
    expect((await run(words, { cwd, env })).exitCode).toBe(0);
    const entry = join(home, '.local', 'share', 'applications', 'atcom-handler.desktop');
    expect([existsSync(entry), readFileSync(list, 'utf8')]).toEqual(
      word === 'install'
        ? [true, ours + theirOwn]
        : [false, `x-scheme-handler/sip=linphone.desktop;\n${theirOwn}`],
    );
    expect(statSync(list).mode & 0o777).toBe(0o640);
  });
});
