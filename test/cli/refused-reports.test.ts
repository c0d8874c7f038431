import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rawServer } from '../support/raw-server.ts';
import { emptyFolder, run } from './run.ts';

const YESTERDAY = 'TAP version 14: all is well';

/** A folder with yesterday's reports, of which a run that is refused leaves none. */
function yesterday(...files: readonly string[]) {
  const cwd = emptyFolder();
  for (const file of files) writeFileSync(join(cwd, file), YESTERDAY);
  const read = (file: string) => readFileSync(join(cwd, file), 'utf8');
  return { cwd, at: (file: string) => join(cwd, file), read };
}

describe('a run that is refused replaces the reports of the last one', () => {
  it.each<[string, readonly string[]]>([
    ['a number', ['dial', '60x40', '--to', '127.0.0.1:1']],
    ['a key', ['key', 'NOSUCH', '--to', '127.0.0.1:1']],
    ['a phone', ['hangup', '--to', 'nobody']],
    ['no phone', ['hangup']],
    ['a question nobody answers', ['reboot', '--to', '127.0.0.1:1']],
    ['a journal', ['mute', '--to', '127.0.0.1:1', '--resume', '/no/such/file']],
    ['a missing word', ['dial', '--to', '127.0.0.1:1']],
    ['an option', ['dial', '6040', '--nosuch', '--to', '127.0.0.1:1']],
  ])('for %s', async (_, words) => {
    const { at, read } = yesterday('r.xml', 'r.tap');
    const { exitCode, stderr } = await run([
      ...words,
      '--report',
      `junit:${at('r.xml')}`,
      `--report=tap:${at('r.tap')}`,
    ]);
    expect(exitCode).toBe(2);
    expect(read('r.xml')).toMatch(/<testsuites name="atcom" tests="1" failures="0" errors="1"/);
    expect(read('r.xml')).toContain(`<testcase classname="atcom.${words[0]}" name="atcom ${words[0]}"`);
    expect(read('r.xml')).toMatch(/<error message="[^"]+" type="[a-z-]+">/);
    expect(read('r.tap')).toContain('not ok 1');
    expect(stderr).toMatch(/^error: /);
  });

  it('in a file of commands', async () => {
    const { cwd, at, read } = yesterday('a.xml', 'b.xml', 'c.xml');
    const lines = [
      `mute --to 127.0.0.1:1 --report junit:${at('a.xml')}`,
      `hangup --to nobody --report junit:${at('b.xml')}`,
      `hangup --to 127.0.0.1:1 --dry-run --report junit:${at('c.xml')}`,
    ];
    writeFileSync(join(cwd, 'x.atcom'), lines.join('\n'));
    expect((await run(['run', 'x.atcom'], { cwd })).exitCode).toBe(2);
    for (const file of ['a.xml', 'b.xml']) {
      expect(read(file)).toContain('<testcase classname="atcom.run" name="atcom run"');
      expect(read(file)).toContain('x.atcom:2: no phone is called');
    }
    expect(read('c.xml')).toBe(YESTERDAY);
  });

  it('of a file of commands that cannot listen', async () => {
    const { cwd, at, read } = yesterday('a.xml');
    const { port } = await rawServer(() => undefined);
    writeFileSync(join(cwd, '.atcomrc'), `listener: { port: ${port} }`);
    writeFileSync(join(cwd, 'x.atcom'), `hold --to 127.0.0.1:1 --confirm --report junit:${at('a.xml')}`);
    expect((await run(['run', 'x.atcom'], { cwd })).exitCode).toBe(2);
    expect(read('a.xml')).toContain('cannot listen on');
  });

  it('of the lines after the one at which a file ends', async () => {
    const { cwd, at, read } = yesterday('a.xml', 'b.xml', 'c.xml');
    const lines = [
      `hangup --to 127.0.0.1:1 --report junit:${at('a.xml')}`,
      `hold --to virtual --report junit:${at('b.xml')}`,
      `hold --to virtual --dry-run --report junit:${at('c.xml')}`,
      `hold --to virtual --report junit:${at('d.xml')}`,
    ];
    writeFileSync(join(cwd, 'x.atcom'), lines.join('\n'));
    expect((await run(['run', 'x.atcom'], { cwd })).exitCode).toBe(3);
    expect(read('a.xml')).toContain('name="127.0.0.1:1"');
    expect(read('b.xml')).toContain('the file ended at a line before it');
    expect(existsSync(at('d.xml'))).toBe(false);
    expect(read('c.xml')).toBe(YESTERDAY);
  });

  it('of a line that is refused when it is run, with why', async () => {
    const { cwd, at, read } = yesterday('a.xml');
    const lines = [
      'hold --to virtual',
      `hold --to virtual --journal ${at('j')} --report junit:${at('a.xml')} --report tap:${at('a.tap')}`,
    ];
    writeFileSync(join(cwd, 'x.atcom'), lines.join('\n'));
    // What was free when the file was checked is taken when the line is run.
    const watch = () => writeFileSync(join(cwd, 'j'), 'taken\n');
    expect((await run(['run', 'x.atcom'], { cwd, watch })).exitCode).toBe(1);
    expect(read('a.xml')).toContain(`the journal ${at('j')} cannot be used`);
    expect(read('a.tap')).toContain('not ok 1');
  });

  it('of scenarios with wrong arguments', async () => {
    const { at, read } = yesterday('r.xml', 'r.json', 'r.html');
    const reports = ['junit:r.xml', 'json:r.json', 'html:r.html'].flatMap((report) => {
      const [format, file = ''] = report.split(':');
      return ['--report', `${format}:${at(file)}`];
    });
    expect((await run(['test', 'x.yaml', '--nosuch', ...reports])).exitCode).toBe(2);
    expect(read('r.xml')).toContain('<error message="unknown option');
    expect(JSON.parse(read('r.json'))).toMatchObject({ ok: false, exitCode: 2 });
    expect(read('r.html')).toContain('unknown option');
  });

  it.each(['--dry-run', '--curl', '-qn'])('but not with %s', async (word) => {
    const { at, read } = yesterday('r.xml');
    await run(['hangup', '--to', 'nobody', word, '--report', `junit:${at('r.xml')}`]);
    expect(read('r.xml')).toBe(YESTERDAY);
  });

  it.each([
    ['--check', []],
    ['--list', []],
    ['--dry-run', []],
    ['--check', ['--nosuch']],
    ['--list', ['--nosuch']],
  ])('nor of scenarios with %s %j', async (word, others) => {
    const { at, read } = yesterday('r.xml');
    const words = ['test', 'nosuch.yaml', word, ...others, '--report', `junit:${at('r.xml')}`];
    expect((await run(words)).exitCode).toBeGreaterThan(0);
    expect(read('r.xml')).toBe(YESTERDAY);
  });
});
