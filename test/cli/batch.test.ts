import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
import { get, receiver, send } from '../receiver/raw.ts';
import { closedPort, rawServer } from '../support/raw-server.ts';
import { batch } from './batches.ts';
import { emptyFolder, run } from './run.ts';

const ATCOM = new URL('../../bin/atcom.js', import.meta.url).pathname;

describe('atcom run', () => {
  it("runs the command line's own words, line by line", async () => {
    const { cwd, file, pressed } = await batch(
      [
        '# night',
        'set boss 6040',
        'to desk',
        '',
        'dial $boss --line 2 # call',
        'sleep 1ms',
        "key 'VOLUME_UP*2' MUTE",
        'hangup --to desk',
      ].join('\n'),
    );
    const result = await run(['run', file], { cwd });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(pressed()).toEqual(['LINEKEY2;6040;SEND', 'VOLUME_UP;VOLUME_UP;MUTE', 'ENDCALL']);
    expect(result.stdout.trim().split('\n')).toHaveLength(3);
  });

  it('reads a long line of repeated options in a moment', async () => {
    const names = '--to desk '.repeat(80_000);
    const { cwd, file } = await batch(`hold ${names}\n`);
    expect((await run(['run', file, '--dry-run'], { cwd })).exitCode).toBe(0);
  });

  it.each([
    ['hodl', /hodl is not a command of atcom run/, /did you mean hold\?/],
    ['dial', /missing required argument/, undefined],
    ['key HOLDD', /no key "HOLDD"/, /did you mean HOLD\?/],
    ['hold --to nobody', /no phone is called "nobody"/, undefined],
    ['to', /to needs one target/, undefined],
    ['sleep 5', /"5" is not a duration/, undefined],
    ['sleep 1ms && hangup', /sleep needs one time/, 'give what follows a line of its own'],
    ['sleep 1s 500ms', /sleep needs one time/, 'give what follows a line of its own'],
    ['dial $x', /\$x is not set/, undefined],
    ["dial 'x", /not closed/, undefined],
    ['listen', /listen is not a command of atcom run/, /it takes commands that press keys, and to/],
    ['atcom dial 1', /atcom is not a command/, /write the line without it/],
    ['sim 2', /sim is not a command of atcom run/, /it takes commands/],
    ['volume up --confirm', /no event confirms volume/, undefined],
    ['expect holdd', /no event "holdd"/, undefined],
    ['hold --to -', /cannot come from stdin, which can be read only once/, /--targets-file/],
    ['mute --targets-file /dev/stdin', /cannot come from \/dev\/stdin/, /--targets-file/],
  ])('sends nothing when a line does not parse: %s', async (line, reason, hint) => {
    const { cwd, file, pressed } = await batch(`to desk\nhold\n${line}\n`);
    const result = await run(['run', file], { cwd });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(reason);
    expect(result.stderr).toContain(`${file}:3: `);
    expect(result.stderr).toContain(`\n  ${line} [batch]`);
    if (hint !== undefined) expect(result.stderr).toMatch(hint);
    expect(pressed()).toEqual([]);
  });

  it('lets the name of its file begin no line', async () => {
    const { cwd } = await batch('');
    const name = 'x\nerror: all is well\nr.atcom';
    writeFileSync(join(cwd, name), `mute --to 127.0.0.1:${await closedPort()}\n`);
    const { stderr } = await run(['run', name], { cwd });
    expect(stderr).toContain('x\\u000aerror: all is well\\u000ar.atcom:1: mute --to');
    expect(stderr).not.toMatch(/^error: all is well/m);
  });

  it('ends at the first line that fails, with its exit code, and says how to go on', async () => {
    const gone = await closedPort();
    const { cwd, file, pressed } = await batch(
      `hold --to desk\nmute --to 127.0.0.1:${gone}\nhangup --to desk\n`,
    );
    const result = await run(['run', file], { cwd });
    expect(result.exitCode).toBe(3);
    expect(pressed()).toEqual(['HOLD']);
    expect(result.stderr).toContain(
      `${file}:2: mute --to 127.0.0.1:${gone}\n  ended with 3; continue with --from 2`,
    );
    expect((await run(['run', file, '--from', '9'], { cwd })).stderr).toContain(
      'its last command is on line 3',
    );
    expect((await run(['run', file, '--from', '3'], { cwd })).exitCode).toBe(0);
    expect(pressed()).toEqual(['HOLD', 'ENDCALL']);
  });

  it('repeats', async () => {
    const { cwd, file, pressed } = await batch('mute --to desk\n');
    await run(['run', file, '--repeat', '3'], { cwd });
    expect(pressed()).toEqual(['MUTE', 'MUTE', 'MUTE']);
  });

  it('repeats, and says what is left of the rounds', async () => {
    const gone = await closedPort();
    const { cwd, file, pressed } = await batch(`mute --to desk\nhold --to 127.0.0.1:${gone}\n`);
    const { stderr } = await run(['run', file, '--repeat', '3'], { cwd });
    expect(stderr).toContain(
      'ended with 3; continue with --from 2, without --repeat; then the other rounds with --repeat 2\n',
    );
    expect(pressed()).toEqual(['MUTE']);
  });

  it('says that the other rounds leave out what this one did', async () => {
    const gone = await closedPort();
    const { cwd, file } = await batch(`reboot --to desk --yes\nhold --to 127.0.0.1:${gone}\n`);
    const { stderr } = await run(['run', file, '--from', '2', '--repeat', '3'], { cwd });
    expect(stderr).toContain('without --repeat; then the other rounds with --from 2 --repeat 2\n');
  });

  it('prints the exact URLs with --dry-run, and waits for nothing', async () => {
    const { cwd, file, pressed, phone } = await batch(
      'to desk\nhold\nsleep 1h\nexpect hold --within 1h\nmute\n',
    );
    const { exitCode, stdout } = await run(['run', file, '--dry-run'], { cwd });
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      ['HOLD', 'MUTE'].map((key) => `http://${phone.host}/cgi-bin/server.cgi?key=${key}\n`).join(''),
    );
    expect(pressed()).toEqual([]);
  });

  it('reads a pipe, and writes a document a line with --json', async () => {
    const { cwd, pressed } = await batch('');
    const { exitCode, stdout } = await run(['run', '-', '--json'], { cwd, input: 'to desk\nhold\n\nmute\n' });
    expect(exitCode).toBe(0);
    expect(pressed()).toEqual(['HOLD', 'MUTE']);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).command),
    ).toEqual(['hold', 'mute']);
  });

  it('waits for events, also for those that came between two lines', async () => {
    const { port } = await receiver();
    const simulator = await startSimulator({
      phones: 2,
      approved: true,
      actionUrl: `http://127.0.0.1:${port}`,
    });
    onTestFinished(() => simulator.close());
    const [a, b] = simulator.phones;
    const cwd = emptyFolder();
    writeFileSync(
      join(cwd, '.atcomrc.yaml'),
      `listener: { port: ${port} }\nphones:\n  a: { host: "${a?.host}", mac: "${a?.mac}" }\n  b: { host: "${b?.host}", mac: "${b?.mac}" }\n`,
    );
    const file = join(cwd, 'call');
    writeFileSync(
      file,
      'dial 6002 --to a\nexpect incomingCall --to b --where remote=*6001*\nanswer --to b\nexpect established --to a\n',
    );
    expect(await run(['run', file], { cwd })).toMatchObject({ exitCode: 0 });
    writeFileSync(file, 'expect hold --to a --within 30ms\nhangup --to a\n');
    const failed = await run(['run', file], { cwd });
    expect(failed.exitCode).toBe(6);
    expect(failed.stderr).toContain('hold was not reported within 30ms');
    expect(failed.stderr).toContain('continue with --from 1');
    expect(simulator.state('6001').state).toBe('talking');
    await send(port, get('/holdUrl.xml'));
  });

  it.each([
    [
      'after a line of a virtual phone',
      'dnd on --to virtual --confirm',
      'dnd on --to a --confirm',
      0,
      /a {2}confirmed/,
    ],
    [
      'and at the port that a line names',
      'dnd on --to a --confirm',
      'expect hold --within 30ms',
      1,
      /it is in use/,
    ],
  ])('waits for events where they come in, %s', async (_, first, second, exitCode, told) => {
    const taken = await rawServer(() => undefined);
    const { port } = await receiver();
    const simulator = await startSimulator({ approved: true, actionUrl: `http://127.0.0.1:${port}` });
    onTestFinished(() => simulator.close());
    const cwd = emptyFolder();
    const [a] = simulator.phones;
    const config = `listener: { port: ${port} }\nphones: { a: { host: "${a?.host}", mac: "${a?.mac}" } }\n`;
    writeFileSync(join(cwd, '.atcomrc.yaml'), config);
    const there = second.startsWith('expect') ? ` --port ${taken.port}` : '';
    const result = await run(['run', '-'], { cwd, input: `${first}\n${second}${there}\n` });
    expect(result.exitCode).toBe(exitCode);
    expect(result.stdout + result.stderr).toMatch(told);
  });

  it('does not wait for the rest of a pipe after a line that fails', async () => {
    const { cwd } = await batch('');
    const child = spawn(process.execPath, [ATCOM, 'run', '-'], { cwd, stdio: ['pipe', 'ignore', 'ignore'] });
    onTestFinished(() => void child.kill());
    child.stdin.write('hodl\n');
    expect(await once(child, 'exit')).toEqual([2, null]);
  });

  it('asks a pipe for no more after a line that fails', async () => {
    const stdin = new PassThrough();
    stdin.write('hodl\n');
    expect((await run(['run', '-'], { stdin })).exitCode).toBe(2);
    expect(stdin.isPaused()).toBe(true);
  });

  it('takes no more of a pipe after a line that fails, however much comes', async () => {
    const stdin = new PassThrough();
    // More than is taken at once, so that what has arrived is asked for piece by piece.
    const writer = Readable.from(
      (function* () {
        for (;;) yield 'hold --to nope\n'.repeat(3000);
      })(),
    );
    onTestFinished(() => void writer.destroy());
    writer.pipe(stdin);
    expect((await run(['run', '-'], { stdin })).exitCode).toBe(2);
    expect(stdin.isPaused()).toBe(true);
  });

  it.each([
    '# a note\rhold --to desk',
    'mute --to desk # a note\rhold --to desk',
    'mute --to desk\rhold --to desk',
  ])('presses nothing of a line with a carriage return within, from a file or a pipe: %j', async (line) => {
    const text = `\r\n${line}\r\n`;
    const { cwd, file, pressed } = await batch(text);
    const results = [await run(['run', file], { cwd }), await run(['run', '-'], { cwd, input: text })];
    for (const { exitCode, stderr } of results) {
      expect(exitCode).toBe(2);
      expect(stderr).toContain(':2: there is a carriage return (\\r) within the line');
    }
    expect(pressed()).toEqual([]);
  });

  it('ends lines of a pipe as those of a file: not where Unicode has a separator', async () => {
    const text = 'mute --to desk # a note\u2028hold --to desk\n';
    const { cwd, file, pressed } = await batch(text);
    await run(['run', file], { cwd });
    await run(['run', '-'], { cwd, input: text });
    expect(pressed()).toEqual(['MUTE', 'MUTE']);
  });

  it('reads lines of a pipe that come in pieces, the last without an end', async () => {
    const { cwd, pressed } = await batch('');
    const lines = Buffer.from('mute --to desk # ü\r\nhold --to desk');
    const stdin = Readable.from([...lines].map((byte) => Buffer.of(byte))).pipe(new PassThrough());
    expect((await run(['run', '-'], { cwd, stdin })).exitCode).toBe(0);
    expect(pressed()).toEqual(['MUTE', 'HOLD']);
  });

  it('says which file it cannot read', async () => {
    expect((await run(['run', '/no/such/file'])).stderr).toContain('/no/such/file cannot be read');
  });
});

describe('what a line would be refused for', () => {
  it.each([
    ['a reboot that nobody can agree to', 'reboot', /nobody confirmed|--yes/],
    ['a report where a file is in the way', 'hold --report junit:/dev/null/x/y.xml', /cannot be written/],
    ['a journal that is there already', 'hold --journal ./used.jsonl', /it exists already/],
    ['a journal to go on with that is not there', 'hold --resume ./none.jsonl', /there is no such file/],
    ['a journal that is none', 'hold --resume ./notes.txt', /line 1 is no JSON/],
    [
      'a journal of another run',
      'hold --retry-failed ./used.jsonl',
      /of another sequence or of other phones/,
    ],
    ['two journals', 'hold --resume ./used.jsonl --journal ./none.jsonl', /exclude each other/],
  ])('is found before the first line is done: %s', async (_, line, reason) => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'used.jsonl'), '{"schema":"atcom-journal/1"}\n{"intent":"x"}\n');
    writeFileSync(join(folder, 'notes.txt'), 'notes\n');
    const { cwd, file, pressed } = await batch(`to desk\nhold\n${line.replaceAll('./', `${folder}/`)}\n`);
    const result = await run(['run', file], { cwd });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toMatch(reason);
    expect(result.stderr).toContain(`${file}:3: `);
    expect(pressed()).toEqual([]);
  });

  it('is found before the first line is done: a port that is taken', async () => {
    const taken = await rawServer(() => undefined);
    const config = `listener: { port: ${taken.port} }\n`;
    const { cwd, file, pressed } = await batch('to desk\nhold\nhold --confirm\n', config);
    const result = await run(['run', file], { cwd });
    expect([result.exitCode, pressed()]).toEqual([2, []]);
    expect(result.stderr).toContain('it is in use');
  });

  it('is reported for every line at once', async () => {
    const { cwd, file, pressed } = await batch('to desk\nhold\nhodl\nresume\nkey HOLDD\nto\n');
    const { exitCode, stderr } = await run(['run', file], { cwd });
    expect([exitCode, pressed()]).toEqual([2, []]);
    expect(stderr.match(/night\.atcom:\d+/g)).toEqual([3, 5, 6].map((line) => `night.atcom:${line}`));
  });
});

it('tells the problems of a wrong config on the line of the command', async () => {
  const lines = 'hold --to desk\nhodl\nhold --to desk\nhodl\n';
  const { cwd, file } = await batch(lines, 'foo: 1\nbar: 2\n');
  const { stderr } = await run(['run', file], { cwd });
  // Once for all lines, while other mistakes are told on each.
  expect(stderr.match(/has 2 problems/g)).toHaveLength(1);
  expect(stderr.match(/hodl is not/g)).toHaveLength(2);
  expect(stderr).toMatch(/^error: .*has 2 problems; .*foo.*; .*bar/);
  expect(stderr).not.toContain('\\n');
});
