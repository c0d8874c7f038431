import { execFileSync, spawn } from 'node:child_process';
import { closeSync, linkSync, openSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rawServer } from '../support/raw-server.ts';
import { emptyFolder, run } from './run.ts';
import { scenario } from './testing.ts';

const ATCOM = new URL('../../bin/atcom.js', import.meta.url).pathname;
const YESTERDAY = 'TAP version 14\n1..1\nok 1 - all is well\n';

/** A folder with yesterday's reports, and a phone: what is in them at each request it gets is what a kill would leave. */
async function yesterday(...files: readonly string[]) {
  const cwd = emptyFolder();
  for (const file of files) writeFileSync(join(cwd, file), YESTERDAY);
  const read = () => files.map((file) => readFileSync(join(cwd, file), 'utf8'));
  const left: (readonly string[])[] = [];
  const { host } = await rawServer((socket) => {
    left.push(read());
    socket.end('HTTP/1.1 200 OK\r\n\r\n');
  });
  const at = (file: string) => join(cwd, file);
  return { cwd, host, at, read, left };
}

describe('a run has emptied the reports of the last one before its first key', () => {
  it('of a command', async () => {
    const { cwd, host, at, read, left } = await yesterday('r.xml', 'r.tap');
    const reports = ['--report', `junit:${at('r.xml')}`, '--report', `tap:${at('r.tap')}`];
    expect((await run(['hold', '--to', host, ...reports], { cwd })).exitCode).toBe(0);
    expect(left).toEqual([['', '']]);
    expect(read()).toEqual([expect.stringMatching(/^<\?xml/), expect.stringContaining(`hold on ${host}`)]);
  });

  it('through links', async () => {
    const { cwd, host, at, left } = await yesterday('soft.tap', 'hard.tap');
    symlinkSync('soft.tap', at('soft'));
    linkSync(at('hard.tap'), at('hard'));
    const reports = ['--report', `tap:${at('soft')}`, '--report', `tap:${at('hard')}`];
    expect((await run(['hold', '--to', host, ...reports], { cwd })).exitCode).toBe(0);
    expect(left).toEqual([['', '']]);
  });

  it('of all lines of a file', async () => {
    const { cwd, host, at, left } = await yesterday('a.tap', 'b.tap', 'c.tap', 'd.tap');
    const line = (file: string, words = '') => `hold --to ${host} --report tap:${at(file)} ${words}`;
    const lines = [line('d.tap'), line('a.tap'), line('b.tap'), line('c.tap', '--dry-run')];
    writeFileSync(at('x.atcom'), lines.join('\n'));
    expect((await run(['run', 'x.atcom', '--from', '2'], { cwd })).exitCode).toBe(0);
    expect(left).toHaveLength(2);
    expect(left[0]).toEqual(['', '', YESTERDAY, YESTERDAY]);
  });

  it('of scenarios', async () => {
    const { cwd, host, at, read, left } = await yesterday('r.xml', 'r.html');
    const file = at('x.yaml');
    writeFileSync(file, `name: x\nphones: { a: "${host}" }\nsteps: [ { a: hold } ]\n`);
    const reports = ['--report', `junit:${at('r.xml')}`, '--report', `html:${at('r.html')}`];
    expect((await run(['test', file, '--no-trace', ...reports], { cwd })).exitCode).toBe(0);
    expect(left[0]).toEqual(['', '']);
    expect(read()).toEqual([expect.stringMatching(/^<\?xml/), expect.stringMatching(/^<!DOCTYPE html>/)]);
  });

  it('of changes through web pages', async () => {
    const { cwd, host, at, left } = await yesterday('r.tap');
    const words = ['setup', 'allow-list', '--add', '127.0.0.1', '--to', host];
    const report = ['--report', `tap:${at('r.tap')}`];
    await run([...words, ...report, '--dry-run'], { cwd });
    const dry = left.length;
    await run([...words, ...report], { cwd });
    expect(dry).toBeGreaterThan(0);
    expect(left.map(([text]) => text)).toEqual(left.map((_, index) => (index < dry ? YESTERDAY : '')));
  });
});

describe('the reports of the last run stay', () => {
  it.each(['--dry-run', '--curl'])('with %s', async (word) => {
    const { cwd, host, at, read } = await yesterday('r.tap');
    const words = ['hold', '--to', host, '--report', `tap:${at('r.tap')}`];
    expect((await run([...words, word], { cwd })).exitCode).toBe(0);
    writeFileSync(at('x.atcom'), words.join(' '));
    expect((await run(['run', 'x.atcom', '--dry-run'], { cwd })).exitCode).toBe(0);
    expect(read()).toEqual([YESTERDAY]);
  });

  it.each(['--check', '--list', '--dry-run'])('of scenarios with %s', async (word) => {
    const { cwd, at, read } = await yesterday('r.tap');
    writeFileSync(at('x.yaml'), scenario('a: hold'));
    expect(
      (await run(['test', at('x.yaml'), word, '--report', `tap:${at('r.tap')}`], { cwd })).exitCode,
    ).toBe(0);
    expect(read()).toEqual([YESTERDAY]);
  });
});

it.skipIf(process.platform === 'win32')('a pipe gets the report, and nothing before', async () => {
  const { cwd, host, at, left } = await yesterday();
  execFileSync('mkfifo', ['-m', '600', at('pipe')]);
  const ended = run(['hold', '--to', host, '--report', `tap:${at('pipe')}`], { cwd });
  // Nobody reads until the phone was pressed: a run that opened the pipe before would wait for ever.
  await expect.poll(() => left.length, { timeout: 5000 }).toBe(1);
  expect(await readFile(at('pipe'), 'utf8')).toContain(`hold on ${host}`);
  expect((await ended).exitCode).toBe(0);
});

it.skipIf(process.platform === 'win32')(
  'what the output is appended to is not emptied in between',
  async () => {
    const { cwd, host, at, read, left } = await yesterday('r.tap');
    const stdout = openSync(at('r.tap'), 'a');
    const child = spawn(process.execPath, [ATCOM, 'hold', '--to', host, '--report', 'tap:/dev/stdout'], {
      cwd,
      env: { PATH: process.env['PATH'], HOME: cwd },
      stdio: ['ignore', stdout, 'ignore'],
    });
    closeSync(stdout);
    expect(await new Promise((done) => child.once('close', done))).toBe(0);
    expect(left).toEqual([[YESTERDAY]]);
    expect(read()).toEqual([expect.stringMatching(/^TAP version 14\n.*hold on/s)]);
  },
);
