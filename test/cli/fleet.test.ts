import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
import { closedPort, rawServer } from '../support/raw-server.ts';
import { emptyFolder, run } from './run.ts';

/** Virtual phones lab-001 … of a config, in a folder. */
async function lab(count: number, more = '') {
  const simulator = await startSimulator({ phones: count, approved: true });
  onTestFinished(() => simulator.close());
  const cwd = emptyFolder();
  const name = (index: number) => `lab-${String(index + 1).padStart(3, '0')}`;
  const phones = simulator.phones.map(({ host }, index) => `  ${name(index)}: "${host}"\n`);
  writeFileSync(join(cwd, 'atcom.config.yaml'), `${more}phones:\n${phones.join('')}`);
  const presses = () => simulator.phones.map(({ extension }) => simulator.state(extension).presses);
  return { simulator, cwd, presses };
}

describe('many phones', () => {
  it('are pressed by a target with a difference, and told in one line', async () => {
    const { cwd, presses } = await lab(30);
    const result = await run(['key', 'DND_ON', '--to', 'lab-[001-030]!lab-[010-019]', '--yes'], { cwd });
    expect(result).toEqual({
      exitCode: 0,
      stdout: 'lab-[001-009,020-030] (20)  ok\n',
      stderr: '20 phones: 20 ok\n',
    });
    expect(presses()).toEqual([...Array(9).fill(1), ...Array(10).fill(0), ...Array(11).fill(1)]);
  });

  it('are told by their outcome, the failed ones last, with the command that presses just those again', async () => {
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

  it('in waves stop at too many failures, and the rest is told as skipped', async () => {
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

  it('that cannot be written is an error before anything is sent', async () => {
    const server = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    const result = await run(['hold', '--to', server.host, '--report', 'tap:/no/such/folder/x']);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('/no/such/folder/x cannot be written');
    expect(server.connections).toBe(0);
  });
});

describe('a journal', () => {
  it('lets a run go on with exactly what was not sent', async () => {
    const { cwd, presses } = await lab(6);
    const file = join(cwd, 'run.jsonl');
    const words = ['key', 'DND_ON', '--to', 'lab-[001-006]'];
    expect((await run([...words, '--journal', file], { cwd })).exitCode).toBe(0);
    // As if the process had died: two were in flight, and two not begun.
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const hosts = lines.filter((line) => line.includes('"intent"')).slice(0, 4);
    const outcomes = lines.filter((line) =>
      hosts.slice(0, 2).some((host) => line.includes(`"host":${host.slice(10, -1)}`)),
    );
    writeFileSync(file, [lines[0], ...hosts, ...outcomes, ''].join('\n'));
    const again = await run([...words, '--resume', file, '--json'], { cwd });
    expect(again.exitCode).toBe(7);
    const { results, summary } = JSON.parse(again.stdout);
    expect(summary).toMatchObject({ phones: 6, ok: 4, failed: 2 });
    expect(results.filter(({ outcome }: { outcome: string }) => outcome === 'unknown')).toHaveLength(2);
    expect(presses().sort()).toEqual([1, 1, 1, 1, 2, 2]);
    // And once more: nothing is left.
    const third = await run([...words, '--resume', file, '--json'], { cwd });
    expect(third.exitCode).toBe(7);
    expect(presses().sort()).toEqual([1, 1, 1, 1, 2, 2]);
  });

  it('retries only phones on which nothing was done, and names those it leaves out', async () => {
    const { cwd, presses } = await lab(1);
    const silent = await rawServer((socket) => socket.end());
    const file = join(cwd, 'run.jsonl');
    const gone = await closedPort();
    const words = ['hold', '--to', `lab-001,${silent.host},127.0.0.1:${gone}`];
    expect((await run([...words, '--journal', file], { cwd })).exitCode).toBe(1);
    const again = await run([...words, '--retry-failed', file, '--json'], { cwd });
    expect(again.exitCode).toBe(1);
    expect(
      JSON.parse(again.stdout).results.map(({ host, outcome }: Record<string, string>) => [host, outcome]),
    ).toEqual([
      [silent.host, 'unknown'],
      [`127.0.0.1:${gone}`, 'unreachable'],
    ]);
    expect(again.stderr).toContain(`${silent.host} (unknown)`);
    expect(presses()).toEqual([1]);
    expect(silent.connections).toBe(1);
  });

  it.each([
    [['--journal', 'a', '--resume', 'b'], /exclude each other/],
    [['--resume', 'none.jsonl'], /none\.jsonl cannot be used/],
  ])('%j is an error before anything is sent', async (words, message) => {
    const server = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    const { exitCode, stderr } = await run(['hold', '--to', server.host, ...words]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
    expect(server.connections).toBe(0);
    expect(existsSync('a')).toBe(false);
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

it('a journal belongs to one run at a time, and to the next one after a crash', async () => {
  const { cwd, presses } = await lab(1);
  const file = join(cwd, 'run.jsonl');
  const words = ['hold', '--to', 'lab-001'];
  writeFileSync(`${file}.lock`, `${process.ppid}\n`);
  const refused = await run([...words, '--journal', file], { cwd });
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain(`another run has it (process ${process.ppid})`);
  expect(presses()).toEqual([0]);
  // The process of this number cannot exist: it is above what Linux allows.
  writeFileSync(`${file}.lock`, '4194305\n');
  expect((await run([...words, '--journal', file], { cwd })).exitCode).toBe(0);
  expect(existsSync(`${file}.lock`)).toBe(false);
});

it('a run with a journal says how to go on with it', async () => {
  const { cwd } = await lab(9);
  const file = join(cwd, 'run.jsonl');
  const words = ['hold', '--to', `lab-[001-009],127.0.0.1:${await closedPort()}`, '--journal', file];
  const { stderr } = await run(words, { cwd });
  expect(stderr).toContain(`\n  atcom hold --to '${words[2]}' --retry-failed ${file}\n`);
});

it('a phone that was stopped half way is not pressed again by --resume', async () => {
  const stop = new AbortController();
  const phone = await rawServer((socket) => {
    socket.on('close', () => stop.abort()).end('HTTP/1.1 200 OK\r\n\r\n');
  });
  const cwd = emptyFolder();
  const words = ['key', 'HOLD', 'wait:1h', 'RESUME', '--to', phone.host];
  const file = join(cwd, 'run.jsonl');
  expect((await run([...words, '--journal', file], { cwd, signal: stop.signal })).exitCode).toBe(130);
  const resumed = await run([...words, '--resume', file, '--json'], { cwd });
  expect(JSON.parse(resumed.stdout).results[0].error).toMatchObject({
    code: 'partly-sent',
    retryable: false,
  });
  expect(phone.connections).toBe(1);
});
