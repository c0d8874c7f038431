import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { describe, expect, it } from 'vitest';
import { askedIn } from '../../src/cli/reports/asked.ts';
import { AtcomError } from '../../src/errors.ts';
import { rawServer } from '../support/raw-server.ts';
import { batch } from './batches.ts';
import { emptyFolder, run } from './run.ts';
import { scenario } from './testing.ts';

const YESTERDAY = 'TAP version 14: all is well';

/** A folder with yesterday's reports, of which a run that is refused leaves none. */
function yesterday(...files: readonly string[]) {
  const cwd = emptyFolder();
  for (const file of files) writeFileSync(join(cwd, file), YESTERDAY);
  const read = (file: string) => readFileSync(join(cwd, file), 'utf8');
  return { cwd, at: (file: string) => join(cwd, file), read };
}

it.each([
  [4096, 1],
  [4097, 0],
])('a name of %d characters may be that of a report, in thousands of lines', (length, count) => {
  const said = () => [{ kind: 'command', word: 'hold' }] as const;
  const value = `junit:${'x'.repeat(length - 'junit:'.length)}`;
  for (const words of [
    ['hold', '--report', value],
    ['hold', `--report=${value}`],
  ])
    expect(askedIn(words, said).targets).toHaveLength(count);
});

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

  it('of the lines after the one at which a later round of a file ends', async () => {
    const { cwd, at, read } = yesterday('a.xml', 'b.xml');
    const answers = ['200 OK', '500 No'];
    const { host } = await rawServer((socket) => socket.end(`HTTP/1.0 ${answers.shift()}\r\n\r\n`));
    const lines = [
      `hold --to ${host} --report junit:${at('a.xml')}`,
      `hold --to virtual --report junit:${at('b.xml')}`,
    ];
    writeFileSync(join(cwd, 'x.atcom'), lines.join('\n'));
    expect((await run(['run', 'x.atcom', '--repeat', '3'], { cwd })).exitCode).toBe(5);
    expect(read('b.xml')).toContain('the run ended at a line before it');
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
    expect(read('b.xml')).toContain('the run ended at a line before it');
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

/** Yesterday's report in each format, and the words that ask for them again. */
function everyFormat() {
  const old: Readonly<Record<string, string>> = {
    junit: '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="atcom" tests="1" errors="0">',
    tap: YESTERDAY,
    json: '{"schema":"atcom/1","command":"test","ok":true}',
    html: '<!DOCTYPE html>\n<title>atcom test: passed</title>',
  };
  const { cwd, at, read } = yesterday();
  for (const [format, text] of Object.entries(old)) writeFileSync(at(`r.${format}`), text);
  const reports = Object.keys(old).flatMap((format) => ['--report', `${format}:${at(`r.${format}`)}`]);
  writeFileSync(at('x.yaml'), scenario('a: hold'));
  const now = () => Object.keys(old).map((format) => read(`r.${format}`));
  return { cwd, at, reports, now, old: Object.values(old) };
}

describe('reports of all formats say that no scenario was run', () => {
  const WRONG = [
    expect.stringMatching(/<testsuites name="atcom" tests="1" failures="0" errors="1"/),
    expect.stringContaining('not ok 1'),
    expect.stringMatching(/^\{"schema":"atcom\/\d+","command":"test","ok":false/),
    expect.stringMatching(/<title>atcom test: (?:error|stopped)<\/title>/),
  ];

  it.each<[string, readonly string[]]>([
    ['no file', ['test']],
    ['a file that is not there', ['test', 'nosuch.yaml']],
    ['options that exclude each other', ['test', 'x.yaml', '--simulate', '--sip-pbx', 'q']],
    ['an unknown command', ['tset', 'x.yaml']],
    ['an option before the command', ['--config', 'nosuch', 'test', 'x.yaml', '--nosuch']],
    ['another command', ['hold', '--to', '127.0.0.1:1']],
  ])('because of %s', async (_, words) => {
    const { cwd, reports, now } = everyFormat();
    expect((await run([...words, ...reports], { cwd })).exitCode).toBe(2);
    expect(now()).toEqual(WRONG);
  });

  it('because it was stopped before', async () => {
    const { cwd, reports, now } = everyFormat();
    const signal = AbortSignal.abort(new AtcomError('interrupted', {}));
    expect((await run(['test', 'x.yaml', ...reports], { cwd, signal })).exitCode).toBe(130);
    expect(now()).toEqual(WRONG);
  });

  it('because the words for the reports are mistyped', async () => {
    const { cwd, at, now } = everyFormat();
    const [junit, tap, json, html] = ['junit', 'tap', 'json', 'html'].map((format) => at(`r.${format}`));
    const reports = ['--reprot', `junit:${junit}`, '--report', `tpa:${tap}`, `—report=json:${json}`];
    expect((await run(['test', 'x.yaml', ...reports, '--report', `${html}`], { cwd })).exitCode).toBe(2);
    expect(now()).toEqual(WRONG);
  });

  it('but not where only the schema is shown', async () => {
    const { cwd, reports, now, old } = everyFormat();
    expect((await run(['test', '--schema', '--nosuch', ...reports], { cwd })).exitCode).toBe(2);
    expect(now()).toEqual(old);
  });
});

describe('what only looks like a report', () => {
  it.each(['a text', ''])('is not made, nor put in the place of %j', async (text) => {
    const { cwd, at, read } = yesterday();
    writeFileSync(at('x'), text);
    for (const command of ['hold', 'test', 'tset', 'run']) {
      const reports = [
        '--reprot',
        `junit:${at('x')}`,
        '--report',
        `junti:${at('x')}`,
        `--repotr=${at('new')}`,
      ];
      expect((await run([command, ...reports], { cwd })).exitCode).toBe(2);
    }
    expect(read('x')).toBe(text);
    expect(existsSync(at('new'))).toBe(false);
  });

  it('is no report if it is the value of another option', async () => {
    const { cwd, at, read } = yesterday('r.tap');
    writeFileSync(at('x.atcom'), 'hold --to 127.0.0.1:1');
    expect((await run(['run', 'x.atcom', '--repeat', at('r.tap')], { cwd })).exitCode).toBe(2);
    expect(read('r.tap')).toBe(YESTERDAY);
  });
});

describe('in a file of commands, every line that was not run says so', () => {
  /** Two lines with yesterday's reports, of which one may be written wrong. */
  async function lines(first: readonly [string, string] | undefined = undefined) {
    const { cwd, phone } = await batch('');
    const at = (file: string) => join(cwd, file);
    for (const file of ['1.tap', '2.tap']) writeFileSync(at(file), YESTERDAY);
    const line = (file: string) => `hold --to ${phone.host} --report tap:${at(file)}`;
    const text = `${first === undefined ? line('1.tap') : line('1.tap').replace(...first)}\n${line('2.tap')}\n`;
    writeFileSync(at('x.atcom'), text);
    const read = () => ['1.tap', '2.tap'].map((file) => readFileSync(at(file), 'utf8'));
    return { cwd, at, text, read, phone };
  }
  const WRONG = expect.stringContaining('not ok 1 - atcom run');
  const RUN = expect.stringMatching(/\nok 1 - hold on/);

  const MISTAKES: readonly [string, string][] = [
    ['hold', 'hodl'],
    ['hold', 'hold --bogus'],
    ['--report', '--report bogus:z --report'],
    ['--report', '--reprot'],
    ['--report', '--reporter'],
    ['--report', '--REPORT'],
    ['tap:', 'tpa:'],
    ['--to', '--to $nosuch --retry'],
    ['--to', '--to "nobody --retry'],
    ['hold', 'set x\nset y 1\nhold --retry $y'],
  ];

  it.each(MISTAKES)('with %j written %j', async (...mistake) => {
    const { cwd, read, phone } = await lines(mistake);
    expect((await run(['run', 'x.atcom'], { cwd })).exitCode).toBe(2);
    expect(read()).toEqual([WRONG, WRONG]);
    expect(phone.received).toEqual([]);
  });

  it.each(MISTAKES)('from a pipe, with %j written %j', async (...mistake) => {
    const { cwd, text, read, phone } = await lines(mistake);
    const { exitCode } = await run(['run', '-'], { cwd, input: text });
    expect(exitCode).toBe(2);
    expect(read()).toEqual([WRONG, WRONG]);
    expect(phone.received).toEqual([]);
  });

  it('from a pipe, also one that is refused when it is run', async () => {
    const { cwd, at, text, read } = await lines();
    writeFileSync(at('j'), 'taken\n');
    const input = text.replace('--report', `--journal ${at('j')} --report`);
    expect((await run(['run', '-'], { cwd, input })).exitCode).toBe(2);
    expect(read()).toEqual([expect.stringContaining('cannot be used'), WRONG]);
  });

  it('from a pipe, but not those before it, nor in a dry run', async () => {
    const { cwd, text, read } = await lines();
    const input = `${text.replace('\n', '\nhodl\n')}`;
    expect((await run(['run', '-', '-n'], { cwd, input })).exitCode).toBe(2);
    expect(read()).toEqual([YESTERDAY, YESTERDAY]);
    expect((await run(['run', '-'], { cwd, input })).exitCode).toBe(1);
    expect(read()).toEqual([RUN, WRONG]);
  });

  it.each<[string, readonly string[]]>([
    ['an option', ['--bogus']],
    ['a number', ['--repeat', 'x']],
    ['the name of a config', ['--config', '/no/such/file']],
  ])('because of %s of the command line', async (_, words) => {
    const { cwd, at, read } = await lines();
    expect((await run(['run', at('x.atcom'), ...words], { cwd })).exitCode).toBe(2);
    expect(read()).toEqual([WRONG, WRONG]);
  });

  it.each([
    'run --form 3 FILE',
    '--bogus run FILE',
    'rnu FILE',
    '--confg ci.yaml run FILE',
    '--timout 2s rum FILE',
    'RUN FILE',
  ])('because of %s', async (words) => {
    const { cwd, at, read } = await lines();
    expect((await run(words.replace('FILE', at('x.atcom')).split(' '), { cwd })).exitCode).toBe(2);
    expect(read()).toEqual(Array(2).fill(expect.stringMatching(/^not ok 1 - atcom \S+$/m)));
  });

  it.each<[string, readonly string[]]>([
    ['before the one with which it is to begin', ['--from', '2', '--bogus']],
    ['nor those, if what it reads is wrong', ['--from', '2', '--config', '/no/such/file']],
    ['of a dry run', ['-n', '--bogus']],
  ])('but not those %s', async (_, words) => {
    const { cwd, at, read } = await lines();
    expect((await run(['run', at('x.atcom'), ...words], { cwd })).exitCode).toBe(2);
    expect(read()).toEqual([YESTERDAY, words.includes('-n') ? YESTERDAY : WRONG]);
  });

  it('because it was stopped before its first line', async () => {
    const { cwd, read } = await lines();
    const signal = AbortSignal.abort(new AtcomError('interrupted', {}));
    expect((await run(['run', 'x.atcom'], { cwd, signal })).exitCode).toBe(130);
    expect(read()).toEqual([WRONG, WRONG]);
  });

  it.each(['cat', 'validate', 'edit --bogus'])('but not where it was not to be run: %s', async (words) => {
    const { cwd, at, read } = await lines();
    expect((await run([...words.split(' '), at('x.atcom')], { cwd })).exitCode).toBe(2);
    expect(read()).toEqual([YESTERDAY, YESTERDAY]);
  });

  it.each(['run x.atcom', 'hold --to virtual --import OLD', 'key --to virtual -- --report=OLD'])(
    'no report of another program is replaced that nobody named to be written: %s',
    async (words) => {
      const { cwd, at, read } = yesterday('old.xml');
      const lines = [
        'restore --import OLD',
        'phpunit --reporter OLD',
        'ssh host --port OLD',
        'x --reports=OLD',
        'mytool test --report OLD',
        'mytool --report html OLD',
      ];
      writeFileSync(
        join(cwd, 'x.atcom'),
        [...lines, 'other --report junit:NEW']
          .join('\n')
          .replaceAll('OLD', at('old.xml'))
          .replace('NEW', at('new.xml')),
      );
      expect((await run(words.replace('OLD', at('old.xml')).split(' '), { cwd })).exitCode).toBe(2);
      expect(read('old.xml')).toBe(YESTERDAY);
      expect(existsSync(at('new.xml'))).toBe(false);
    },
  );

  it('no line puts a report in the place of something else', async () => {
    const { cwd, at } = await lines();
    writeFileSync(at('x'), 'a text');
    const wrong = `hodl --report tap:${at('x')}\nhold --to "x --report tap:${at('x')} --report tap:${at('new')}`;
    writeFileSync(at('x.atcom'), wrong);
    expect((await run(['run', 'x.atcom'], { cwd })).exitCode).toBe(2);
    expect(readFileSync(at('x'), 'utf8')).toBe('a text');
    expect(existsSync(at('new'))).toBe(false);
  });
});

describe('a bug', () => {
  it('replaces the reports of a run that came to nothing', async () => {
    const { cwd, at, read } = yesterday('r.tap');
    const hold = () =>
      new Command('hold').option('--report <report>').action(() => {
        throw new TypeError('nobody foresaw it');
      });
    const words = ['hold', '--report', `tap:${at('r.tap')}`];
    expect((await run(words, { cwd, commands: { hold } })).exitCode).toBe(1);
    expect(read('r.tap')).toContain('not ok 1 - atcom hold');
  });

  it('leaves what was reported of a run that had it', async () => {
    const { cwd, at, read } = yesterday('r.tap');
    const transport = async () => {
      throw new TypeError('nobody foresaw it');
    };
    const words = ['hold', '--to', '127.0.0.1:1', '--report', `tap:${at('r.tap')}`];
    expect((await run(words, { cwd, transport })).exitCode).toBe(1);
    expect(read('r.tap')).toContain('not ok 1 - hold on 127.0.0.1:1');
    writeFileSync(at('x.atcom'), words.join(' '));
    writeFileSync(at('r.tap'), YESTERDAY);
    expect((await run(['run', 'x.atcom'], { cwd, transport })).exitCode).toBe(1);
    expect(read('r.tap')).toContain('not ok 1 - hold on 127.0.0.1:1');
  });
});
