import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Transport } from '../../src/phone/index.ts';
import { closedPort, rawServer } from '../support/raw-server.ts';
import { lab } from './lab.ts';
import { run } from './run.ts';

describe('many phones', () => {
  it('are pressed by a target with a difference, and reported in one line', async () => {
    const { cwd, presses } = await lab(30);
    const result = await run(['key', 'DND_ON', '--to', 'lab-[001-030]!lab-[010-019]', '--yes'], { cwd });
    expect(result).toEqual({
      exitCode: 0,
      stdout: 'lab-[001-009,020-030] (20)  ok\n',
      stderr: '20 phones: 20 ok\n',
    });
    expect(presses()).toEqual([...Array(9).fill(1), ...Array(10).fill(0), ...Array(11).fill(1)]);
  });

  it('are reported by outcome, the failed ones last, with the command that retries only those', async () => {
    const { cwd, presses } = await lab(10);
    const gone = await closedPort();
    const words = ['hold', '--to', `lab-[001-010],127.0.0.1:${gone}`, '--yes', '--retry', '0'];
    const result = await run(words, { cwd });
    expect(result.exitCode).toBe(3);
    expect(result.stdout).toBe(`lab-[001-010] (10)  ok\n127.0.0.1:${gone} (1)  unreachable\n`);
    expect(result.stderr).toContain('connection refused');
    expect(result.stderr).toContain(`\n  atcom hold --yes --retry 0 --to 127.0.0.1:${gone}\n`);
    expect(presses()).toEqual(Array(10).fill(1));
  });

  it('are selected by group, model, glob and file, and never when excluded', async () => {
    const { cwd } = await lab(5, 'groups: { even: "lab-002,lab-004" }\n');
    writeFileSync(join(cwd, 'list'), '# the first two\nlab-001\nlab-[001-002] # twice\n');
    const fold = async (...words: string[]) =>
      (await run(['phones', ...words, '--fold'], { cwd })).stdout.trim();
    expect(await fold('@even')).toBe('lab-[002,004]');
    expect(await fold('lab-*', '-x', '@even')).toBe('lab-[001,003,005]');
    const urls = await run(['hold', '--targets-file', join(cwd, 'list'), '-x', 'lab-002', '-n'], { cwd });
    expect(urls.stdout.trim().split('\n')).toHaveLength(1);
    const piped = await run(['hold', '--to', '-', '-n'], { cwd, input: 'lab-003\nlab-004\n' });
    expect(piped.stdout.trim().split('\n')).toHaveLength(2);
    expect((await run(['phones', '@odd'], { cwd })).stderr).toContain('unknown-group');
    expect((await run(['phones', '--count'], { cwd })).stdout).toBe('5\n');
    expect((await run(['phones', 'lab-00[1-2]', '--names'], { cwd })).stdout).toBe('lab-001\nlab-002\n');
  });

  it('in waves stop at too many failures, and the rest are reported as skipped', async () => {
    const { cwd } = await lab(6);
    const gone = await closedPort();
    const to = `127.0.0.1:${gone},lab-[001-006]`;
    const result = await run(['hold', '--to', to, '--serial', '1,50%', '--max-fail', '0', '--json'], { cwd });
    expect(result.exitCode).toBe(3);
    expect(JSON.parse(result.stdout).summary).toMatchObject({ phones: 7, ok: 0, failed: 1, skipped: 6 });
  });

  it('stop at the first failure with --fail-fast', async () => {
    const { cwd } = await lab(3);
    const to = `127.0.0.1:${await closedPort()},lab-[001-003]`;
    const result = await run(['hold', '--to', to, '--fail-fast', '--jobs', '1', '--json'], { cwd });
    expect(JSON.parse(result.stdout).summary).toMatchObject({ failed: 1, skipped: 3 });
  });

  it('are waited for without a word of Node about it', async () => {
    const { cwd } = await lab(20, `listener: { port: ${await closedPort()} }\n`);
    const warned: Error[] = [];
    const onWarning = (warning: Error) => void warned.push(warning);
    process.on('warning', onWarning);
    onTestFinished(() => void process.off('warning', onWarning));
    const words = ['hold', '--all', '--yes', '--wait', 'hold:50ms'];
    const { stderr } = await run(words, { cwd });
    expect(stderr).toContain('20 unconfirmed');
    await new Promise(setImmediate);
    expect(warned).toEqual([]);
  });

  it('are written as they finish with --ndjson', async () => {
    const { cwd } = await lab(3);
    const result = await run(['hold', '--all', '--ndjson'], { cwd });
    const lines = result.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
    expect(new Set(lines.map(({ phone }) => phone)).size).toBe(3);
  });

  it('are written with --ndjson for every phone, also those that were not pressed or known before', async () => {
    const { cwd } = await lab(3);
    const to = `lab-001,127.0.0.1:${await closedPort()},lab-[002-003]`;
    const words = ['hold', '--to', to, '--fail-fast', '--jobs', '1', '--ndjson', '--json'];
    const outcomes = ({ stdout }: { stdout: string }) =>
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).outcome);
    const first = await run([...words, '--journal', join(cwd, 'j')], { cwd });
    expect(outcomes(first)).toEqual(['ok', 'unreachable', 'skipped', 'skipped']);
    const second = await run([...words, '--resume', join(cwd, 'j')], { cwd });
    expect(outcomes(second)).toEqual(['ok', 'unreachable', 'ok', 'ok']);
  });

  it.each([
    ['--rate', 'fast', /20\/s/],
    ['--serial', 'all', /number of phones/],
    ['--serial', '1,0', /at least one phone/],
    ['--max-fail', '-1', /number of phones/],
    ['--jobs', '257', /256/],
    ['--report', 'html:x', /junit:FILE or tap:FILE|write/],
  ])('%s %s is an error', async (option, value, message) => {
    const { exitCode, stderr } = await run(['hold', '--to', 'virtual', option, value]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('--report', () => {
  it('writes JUnit and TAP that tell failures, errors and skipped phones apart', async () => {
    const { cwd } = await lab(1);
    const refusing = await rawServer((socket) => socket.end('HTTP/1.1 500 No\r\n\r\n'));
    const to = `lab-001,${refusing.host},127.0.0.1:${await closedPort()}`;
    const files = { junit: join(cwd, 'r.xml'), tap: join(cwd, 'r.tap') };
    const words = ['hold', '--to', to, '--report', `junit:${files.junit}`, '--report', `tap:${files.tap}`];
    expect((await run(words, { cwd })).exitCode).toBe(1);
    const xml = readFileSync(files.junit, 'utf8');
    expect(xml).toContain('<testsuites name="atcom" tests="3" failures="1" errors="1" skipped="0"');
    expect(xml).toContain('<testcase classname="atcom.hold" name="lab-001"');
    expect(xml).toMatch(/<failure message="127\.0\.0\.1:\d+ answered 500" type="refused">/);
    expect(xml).toMatch(/<error message="127[^"]*connection refused[^"]*" type="unreachable">/);
    const tap = readFileSync(files.tap, 'utf8');
    expect(tap).toMatch(/^TAP version 14\n1\.\.3\nok 1 - hold on lab-001\nnot ok 2 - hold on 127/);
  });

  it.each([
    ['/dev/null/folder/x', 'a part of its path is not a folder'],
    ['file/x', 'a part of its path is not a folder'],
    ['file/folder/x', 'a part of its path is not a folder'],
    ['circle', 'its links lead in a circle'],
    ['away', 'its folder is not there'],
  ])('%s, which cannot be written, is an error before anything is sent', async (file, reason) => {
    const { cwd } = await lab(1);
    writeFileSync(join(cwd, 'file'), '');
    symlinkSync('circle', join(cwd, 'circle'));
    symlinkSync('none/x', join(cwd, 'away'));
    const server = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    const result = await run(['hold', '--to', server.host, '--report', `tap:${resolve(cwd, file)}`]);
    expect(result.stderr).toContain(`${file} cannot be written: ${reason}`);
    expect(result.exitCode).toBe(2);
    expect(server.connections).toBe(0);
  });
});

describe('a macro', () => {
  it('presses the keys of the config', async () => {
    const { cwd, simulator } = await lab(1, 'macros: { panic: "DND_ON RELEASE" }\n');
    expect((await run(['macro', 'panic', '--to', 'lab-001'], { cwd })).exitCode).toBe(0);
    expect(simulator.state('6001')).toMatchObject({ dnd: true, presses: 2 });
    expect((await run(['macro', 'panik', '--to', 'lab-001'], { cwd })).stderr).toContain(
      'did you mean panic?',
    );
    expect((await run(['macro', 'x', '--to', 'virtual'])).stderr).toContain('the config has no macros');
  });
});

it('a bug in the middle of a run ends it, and what is known of every phone is reported', async () => {
  let asked = 0;
  const transport: Transport = async () => {
    asked += 1;
    if (asked === 2) throw new Error('made up');
    return { kind: 'answer', status: 200, head: 'HTTP/1.1 200 OK', body: '' };
  };
  const words = ['hold', '--to', '127.9.8.[1-4]', '--jobs', '1'];
  const { exitCode, stdout, stderr } = await run(words, { transport });
  expect(exitCode).toBe(1);
  expect(stdout.split('\n').map((line) => line.split(/ +/)[1])).toEqual([
    'ok',
    'unknown',
    'skipped',
    'skipped',
    undefined,
  ]);
  expect(stderr).toContain('was being pressed when atcom failed');
  expect(stderr).toContain('this is a bug in atcom');
});

it('a phone that the config says to be at two addresses gets its keys at neither', async () => {
  const { cwd, simulator, presses } = await lab(2);
  const [one = '', other = ''] = simulator.phones.map(({ host }) => host);
  const [a, b] = [one, other].map((host) => `{ host: "${host}", mac: "808287046bc2" }`);
  const c = `{ host: "${other}", alias: true }`;
  writeFileSync(join(cwd, 'atcom.config.yaml'), `phones: { a: ${a}, b: ${b}, c: ${c} }\n`);
  const both = await run(['hold', '--all'], { cwd });
  expect(both.stderr).toContain(
    'a and b have the same mac: in the config, so one phone would get its keys or a password twice',
  );
  expect([both.exitCode, presses()]).toEqual([2, [0, 0]]);
  const batch = await run(['run', '-'], { cwd, input: 'hold --to a,b\n' });
  expect([batch.exitCode, presses()]).toEqual([2, [0, 0]]);
  const steps = 'steps: [{ a: key HOLD }, { b: key HOLD }]';
  writeFileSync(join(cwd, 's.yaml'), `phones: { a: a, b: b }\n${steps}\n`);
  // An address with another scheme is taken literally, but is the same phone, as are all of its names.
  writeFileSync(join(cwd, 'u.yaml'), `phones: { a: { phone: "https://${one}" }, b: b }\n${steps}\n`);
  for (const words of [
    'allow --to a,b',
    'doctor a b',
    'doctor a b --no-key',
    'setup show --to a,b',
    'test s.yaml',
    `hold --to https://${one},b`,
    'test u.yaml',
    'hold --to a,c',
  ]) {
    const { exitCode, stderr, stdout } = await run(words.split(' '), { cwd });
    expect([words, exitCode, stderr + stdout]).toEqual([
      words,
      2,
      expect.stringMatching(/same mac:|same phone/),
    ]);
  }
  expect([(await run(['hold', '--to', 'b'], { cwd })).exitCode, presses()]).toEqual([0, [0, 1]]);
});
