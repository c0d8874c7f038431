import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { askedInText } from '../../src/cli/batch/asked-lines.ts';
import { BatchParser } from '../../src/cli/batch/parser.ts';
import { readAll } from '../../src/cli/batch/read-lines.ts';
import { AtcomError } from '../../src/errors.ts';
import { closedPort, rawServer } from '../support/raw-server.ts';
import { batch } from './batches.ts';
import { emptyFolder, type RunOptions, run } from './run.ts';

describe('a line that is wrong after others were run', () => {
  it('ends with 1, because keys were pressed, and says so: a pipe', async () => {
    const { cwd, pressed } = await batch('');
    const result = await run(['run', '-'], { cwd, input: 'hold --to desk\nhodl\n' });
    expect([result.exitCode, pressed()]).toEqual([1, ['HOLD']]);
    expect(result.stderr).toContain(
      'stdin:2: hodl is not a command of atcom run; the lines before it were run',
    );
    const json = await run(['run', '-', '--json'], { cwd, input: 'hold --to desk\nhold --to nobody\n' });
    const [, last] = json.stdout.trim().split('\n');
    expect(json.exitCode).toBe(1);
    expect(JSON.parse(last ?? '')).toMatchObject({ command: 'run', ok: false, exitCode: 1 });
  });

  it.each([
    [
      'breaks',
      (stdin: PassThrough) => stdin.destroy(new Error('it broke')),
      'stdin cannot be read: it broke',
    ],
    [
      'has a line without an end',
      (stdin: PassThrough) => stdin.write('x'.repeat(1024 * 1024 + 1)),
      'a line of stdin cannot be read: it is larger than 1 MiB',
    ],
  ] as const)('ends with 1 where the pipe %s, and that is no bug', async (_, end, message) => {
    const { cwd, pressed } = await batch('');
    const stdin = new PassThrough();
    stdin.write('hold --to desk\n');
    const watch = (_: string, text: string) => {
      if (text.includes('ok')) end(stdin);
    };
    const { exitCode, stderr } = await run(['run', '-'], { cwd, stdin, watch });
    expect([exitCode, pressed()]).toEqual([1, ['HOLD']]);
    expect(stderr).toContain(`error: ${message}; the lines before it were run [unreadable-file]`);
  });

  it('ends with 2 where nothing came before', async () => {
    const { cwd } = await batch('');
    const stdin = new PassThrough().destroy(new Error('it broke'));
    const { exitCode, stderr } = await run(['run', '-'], { cwd, stdin });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error: stdin cannot be read: it broke [unreadable-file]');
  });

  it.each([
    ['only shows what it would send', 'hold --to desk --dry-run'],
    ['only waits', 'sleep 1ms'],
  ])('ends with 2 where what came before %s', async (_, before) => {
    const { cwd, pressed } = await batch('');
    const { exitCode, stderr } = await run(['run', '-'], { cwd, input: `${before}\nhodl\n` });
    expect([exitCode, pressed()]).toEqual([2, []]);
    expect(stderr).not.toContain('were run');
  });

  it('ends with 1 where only running it shows the mistake, and writes a document', async () => {
    const { cwd, pressed } = await batch('');
    const folder = emptyFolder();
    // What was free when the line was read is taken when it is run.
    const file = join(folder, 'night');
    writeFileSync(file, `hold --to desk\nhold --to desk --journal ${folder}/j\n`);
    const watch = (_: string, text: string) => {
      if (text.includes('"HOLD"') || text.includes('key=HOLD')) writeFileSync(join(folder, 'j'), 'taken\n');
    };
    const { exitCode, stdout, stderr } = await run(['run', file, '--json'], { cwd, watch });
    const [, last] = stdout.trim().split('\n');
    expect([exitCode, pressed()]).toEqual([1, ['HOLD']]);
    expect(JSON.parse(last ?? '')).toMatchObject({
      command: 'hold',
      exitCode: 1,
      error: { code: 'journal' },
    });
    expect(stderr).toContain(
      `${file}:2: hold --to desk --journal ${folder}/j\n  ended with 1; continue with --from 2`,
    );
  });
});

it('names the first wrong lines of a file, and counts the others', async () => {
  const { cwd, file } = await batch('hodl\n'.repeat(2000));
  const { exitCode, stderr } = await run(['run', file], { cwd });
  expect(exitCode).toBe(2);
  expect(stderr.match(/night\.atcom:\d+/g)).toHaveLength(50);
  expect(stderr).toMatch(/^… and 1950 more\b(?!;)/m);
});

it('reads nothing behind 10,000 wrong lines, nor what they ask for behind as many that cannot be read', async () => {
  const { cwd, file } = await batch(`sleep 1ms\n${'\\\n'.repeat(20_000)}`);
  expect(await run(['run', file], { cwd })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/^… and 9950 more; from line 10002 on, nothing was read\b/m),
  });
  const asked = (wrong: string) => askedInText(`${wrong}hold --report junit:x\n`, 1);
  const targets = (wrong: string) => asked(wrong).flatMap((one) => one.targets);
  expect(targets('\\\n'.repeat(9999))).toEqual([{ format: 'junit', file: 'x' }]);
  expect(targets('x\n'.repeat(20_000))).toEqual([{ format: 'junit', file: 'x' }]);
  expect(asked('\\\n'.repeat(20_000))).toHaveLength(10_000);
});

describe('--from', () => {
  it('skips mistakes before it, but not set and to', async () => {
    const { cwd, file, pressed } = await batch(
      ['set line 2', 'to desk', 'hodl', "hold --to 'x", 'dial $nobody', 'dial 6040 --line $line'].join('\n'),
    );
    expect((await run(['run', file, '--from', '6'], { cwd })).exitCode).toBe(0);
    expect(pressed()).toEqual(['LINEKEY2;6040;SEND']);
    const wrong = await run(['run', file, '--from', '4'], { cwd });
    expect(wrong.stderr.match(/night\.atcom:\d+/g)).toEqual(['night.atcom:4', 'night.atcom:5']);
  });

  it.each(['to', 'set', "set boss '6"])(
    'needs %s well written: it counts for the lines after it',
    async (line) => {
      const { cwd, file } = await batch(`${line}\nhold --to desk\n`);
      const { exitCode, stderr } = await run(['run', file, '--from', '2'], { cwd });
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`${file}:1: `);
    },
  );

  it('beyond the end names the last command, also a wrong one', async () => {
    const { cwd, file } = await batch('hold --to desk\nhodl\n# end\n');
    for (const from of ['3', '99']) {
      const { exitCode, stderr } = await run(['run', file, '--from', from], { cwd });
      expect(exitCode).toBe(2);
      expect(stderr).toContain(
        `has no command from line ${from} on [usage]\n  Fix: its last command is on line 2`,
      );
    }
  });

  it('counts the lines of a pipe, too', async () => {
    const { cwd, pressed } = await batch('');
    await run(['run', '-', '--from', '2'], { cwd, input: 'hodl\nhold --to desk\n' });
    expect(pressed()).toEqual(['HOLD']);
  });
});

describe('a batch in which there is nothing to do', () => {
  const EMPTY = { 'an empty file': '', comments: '# a\n\n  # b\n', settings: 'set a b\nto desk\n' };

  it.each(Object.entries(EMPTY))('is an error, with a document: %s', async (_, text) => {
    const { cwd, file } = await batch(text);
    for (const [words, input] of [
      [['run', file], ''],
      [['run', file, '--dry-run'], ''],
      [['run', '-'], text],
    ] as const) {
      const { exitCode, stdout } = await run([...words, '--json'], { cwd, input });
      expect(exitCode).toBe(2);
      expect(JSON.parse(stdout)).toMatchObject({
        command: 'run',
        exitCode: 2,
        error: { message: expect.stringContaining('there is nothing to do') },
      });
    }
  });
});

describe('files that lines write', () => {
  it.each([
    [
      'two journals',
      'hold --journal F\nmute --journal F\n',
      [],
      /night\.atcom:3: an earlier line also writes/,
    ],
    [
      'two reports',
      'hold --report tap:F\nmute --report tap:F\n',
      [],
      /night\.atcom:3: an earlier line also writes/,
    ],
    [
      'two names of one report',
      'hold --report tap:F\nmute --report tap:L\n',
      [],
      /night\.atcom:3: an earlier line also writes/,
    ],
    ['a report between other lines', 'hold --report tap:-\n', [], /writes no report to stdout/],
    [
      'a journal again and again',
      'hold --journal F\n',
      ['--repeat', '2'],
      /when --repeat runs the file again/,
    ],
  ])('are told apart before anything is sent: %s', async (_, text, words, reason) => {
    const folder = emptyFolder();
    symlinkSync('f', join(folder, 'l'));
    const named = text.replace(/[FL]/g, (letter) => join(folder, letter.toLowerCase()));
    const { cwd, file, pressed } = await batch(`to desk\n${named}`);
    const { exitCode, stderr } = await run(['run', file, ...words], { cwd });
    expect([exitCode, pressed()]).toEqual([2, []]);
    expect(stderr).toMatch(reason);
  });

  it('get the folders that are missing: a journal like a report', async () => {
    const folder = emptyFolder();
    const text = `hold --to desk --journal ${folder}/a/b/j --report tap:${folder}/c/d/t\n`;
    const { cwd, file } = await batch(text);
    expect(await run(['run', file], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
    expect(readFileSync(join(folder, 'a/b/j'), 'utf8')).toContain('HOLD');
    expect(readFileSync(join(folder, 'c/d/t'), 'utf8')).toContain('1..1');
  });
});

it('says where the options of a line stand', async () => {
  const { cwd, file } = await batch('hold --to desk\nreboot --to desk\n');
  expect((await run(['run', file], { cwd })).stderr).toContain('Fix: add --yes to line 2 if you mean it');
  for (const option of ['--yes', '--to=desk', '--journal', '-a']) {
    const { exitCode, stderr } = await run(['run', file, option], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Fix: it belongs to a command: write it on the line of that command');
  }
  expect((await run(['run', file, '--nonsense'], { cwd })).stderr).toContain('Fix: atcom help run');
});

it.each([
  ['a line that waits', 'hold --to desk\nsleep 1h\nmute --to desk\n'],
  ['the last line', 'hold --to desk\nsleep 1h\n'],
])('ended by Ctrl-C in %s says how to go on, and with 130', async (_, text) => {
  const { cwd, file, pressed } = await batch(text);
  const stop = new AbortController();
  const watch = () => stop.abort(new AtcomError('interrupted', {}));
  const { exitCode, stderr } = await run(['run', file], { cwd, signal: stop.signal, watch });
  expect([exitCode, pressed()]).toEqual([130, ['HOLD']]);
  expect(stderr).toContain(`${file}:2: sleep 1h\n  was not run; continue with --from 2`);
});

describe('Ctrl-C among thousands of lines that wait for nothing', () => {
  const LINES = 2000;
  const stopSoon = () => {
    const stop = new AbortController();
    const soon = () => setImmediate(() => stop.abort(new AtcomError('interrupted', {})));
    return { signal: stop.signal, soon };
  };

  it.each(['sleep 1ms\n', 'bogus\n'])('ends the reading of %j', async (line) => {
    const { file } = await batch(line.repeat(LINES));
    const { signal, soon } = stopSoon();
    const parser = new BatchParser(file, async () => undefined);
    const next = vi.spyOn(parser, 'next').mockImplementationOnce(async () => void soon());
    await expect(readAll({ signal }, parser, { file, text: line.repeat(LINES), from: 1 })).rejects.toThrow(
      'interrupted',
    );
    expect(next.mock.calls.length).toBeLessThan(10);
  });

  it('ends the run', async () => {
    const { cwd, file } = await batch('hold --to desk\n'.repeat(LINES));
    const { signal, soon } = stopSoon();
    const { exitCode, stdout } = await run(['run', file, '--dry-run'], { cwd, signal, watch: soon });
    expect(exitCode).toBe(130);
    expect(stdout.split('\n').length).toBeLessThan(10);
  });
});

it('a file whose lines look through too many phones together is refused, however few each of them presses', async () => {
  const few = Array.from({ length: 27 }, () => '@all&desk').join(',');
  const line = `hold --to "${few}"\n`;
  const config = 'phones: { "p[00001-20000]": "10.0.[0-99].[0-199]", desk: 127.0.0.9 }\n';
  const { cwd, file } = await batch('');
  writeFileSync(join(cwd, '.atcomrc.yaml'), config);
  const read = async (lines: number) => {
    writeFileSync(file, line.repeat(lines));
    return run(['run', file, '--dry-run'], { cwd });
  };
  expect(await read(1)).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await read(12)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(
      'up to line 10 are too large together: they look through more than 5,000,000 phones [usage]',
    ),
  });
});

it('so is one whose lines read too much of files of targets, also where these are empty', async () => {
  const { cwd, file } = await batch('');
  writeFileSync(join(cwd, 'targets.txt'), `${'\n'.repeat(4_000_000)}127.0.0.9\n`);
  const read = async (lines: number) => {
    writeFileSync(file, 'hold --targets-file targets.txt\n'.repeat(lines));
    return run(['run', file, '--dry-run'], { cwd });
  };
  expect(await read(2)).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await read(20)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('up to line 10 are too large together'),
  });
});

it('a file whose values make it many times as long is refused before all of it is read', async () => {
  const line = `dnd on --to desk${'$a'.repeat(15)}\n`;
  // Not commas: of these, the work is what is too much.
  const { cwd, file } = await batch(`set a "${'a'.repeat(4000)}"\n${line.repeat(500)}`);
  const result = await run(['run', file, '--dry-run'], { cwd });
  expect([result.exitCode, result.stdout]).toEqual([2, '']);
  expect(result.stderr).toContain(
    `the values of $names in ${file} up to line 141 have more than 8,388,608 characters in all [usage]`,
  );
});

it('a file whose lines press keys on too many phones is refused before all of them are prepared', async () => {
  const { cwd, file } = await batch('hold --to p* --yes\n'.repeat(30));
  writeFileSync(join(cwd, '.atcomrc.yaml'), 'phones: { "p[00001-20000]": "10.0.[0-99].[0-199]" }');
  expect(await run(['run', file, '--dry-run'], { cwd })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('up to line 26 select more than 500,000 phones in all'),
  });
});

describe('how to go on after a line that failed', () => {
  const told = async (line: string, options: RunOptions = {}) => {
    const { cwd, file, phone } = await batch(`sleep 1ms\n${line}\nmute --to desk\n`);
    const { stderr } = await run(['run', file], { cwd, ...options });
    const [, how] = /\n {2}(?:ended with \d+)(.*)\n/.exec(stderr) ?? [];
    return { how, presses: phone.received.length };
  };

  it('is with that line where nothing was pressed', async () => {
    const gone = await closedPort();
    expect(await told(`hold --to 127.0.0.1:${gone}`)).toEqual({
      how: '; continue with --from 2',
      presses: 0,
    });
  });

  it('is with the next where it was pressed on some phones', async () => {
    const gone = await closedPort();
    const { how, presses } = await told(`hold --to desk,127.0.0.1:${gone}`);
    expect(presses).toBe(1);
    expect(how).toBe(
      ', and pressed keys on some of its phones: see above for the others, then continue with --from 3',
    );
  });

  it('is with the next where it was pressed and not proven, or its answer was lost', async () => {
    const next = ', and its keys may have been pressed: continue with --from 3';
    expect(await told('hold --to desk --wait hold:1ms')).toEqual({ how: next, presses: 1 });
    const silent = await rawServer((socket) => socket.end());
    expect((await told(`hold --to ${silent.host}`)).how).toBe(next);
    expect(silent.connections).toBe(1);
  });

  it('is with the next where Ctrl-C came while it was pressed', async () => {
    const stop = new AbortController();
    const slow = await rawServer((socket) => {
      stop.abort(new AtcomError('interrupted', {}));
      setImmediate(() => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    });
    const { how } = await told(`hold --to ${slow.host}`, { signal: stop.signal });
    expect(how).toBe(', and its keys may have been pressed: continue with --from 3');
  });
});
