import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { IS_ROOT } from '../support/lock-holder.ts';
import { lab } from './lab.ts';

const ATCOM = new URL('../../bin/atcom.js', import.meta.url).pathname;
const PHONES = 128;

/** Words before a command that give it little room, or none, in `small/`; what it leaves there is copied to `left/`. */
const SMALL_DISKS = {
  tmpfs: (kilobytes: number) => [
    ...['unshare', '--mount', 'sh', '-c'],
    `mount -t tmpfs -o size=8k none small
    test ${kilobytes} -gt 0 || cat /dev/zero > small/fill 2> small/null
    "$@"
    code=$?; cp -p small/* left/; exit $code`,
    'sh',
  ],
  limit: (kilobytes: number) => [
    ...['bash', '-c'],
    `(ulimit -f ${kilobytes}; "$@"); code=$?; cp -p small/* left/; exit $code`,
    'bash',
  ],
} as const;

/** A lab, and what runs atcom as a process of its own on all its phones. */
async function labWithDisk() {
  const { cwd, presses } = await lab(PHONES);
  for (const folder of ['small', 'left']) mkdirSync(join(cwd, folder));
  const press = async (words: readonly string[], before: readonly string[] = []) => {
    const jobs = words.includes('--jobs') ? [] : ['--jobs', '16'];
    const [command = '', ...args] = [
      ...before,
      ...[process.execPath, ATCOM, 'key', 'DND_ON', '--all', '--yes', ...jobs, ...words],
    ];
    const env = { PATH: process.env['PATH'], HOME: cwd, NO_COLOR: '1' };
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const written = { stdout: '', stderr: '' };
    child.stdout.on('data', (text) => (written.stdout += text));
    child.stderr.on('data', (text) => (written.stderr += text));
    const exitCode = await new Promise<number | null>((done) => child.once('close', done));
    return { exitCode, ...written };
  };
  return { cwd, presses, press };
}

describe.each([
  ['a disk that is full', 'tmpfs', IS_ROOT],
  ['a file that may grow no more', 'limit', true],
] as const)('%s', (_, kind, possible) => {
  it.runIf(possible)('ends the run, and no phone is pressed that is not written down', async () => {
    const { cwd, presses, press } = await labWithDisk();
    const first = await press(['--journal', 'small/night 1', '--json'], SMALL_DISKS[kind](8));
    expect(first.exitCode).toBe(1);
    const { results, summary, error, exitCode } = JSON.parse(first.stdout);
    expect(exitCode).toBe(1);
    expect(error).toMatchObject({
      code: 'journal',
      message: expect.stringMatching(
        /^the journal small\/night 1 can no longer be written: (the disk is full|it would be larger than the system allows); no phone was pressed after that$/,
      ),
      hint: "make room for it, then continue with --resume 'small/night 1'",
      retryable: false,
    });
    // All of them are told of, and what is told is true.
    expect(summary.phones).toBe(PHONES);
    const outcomes = results.map(({ outcome }: { outcome: string }) => outcome);
    expect(presses().map((times) => (times === 1 ? 'ok' : 'skipped'))).toEqual(outcomes);
    expect(new Set(outcomes)).toEqual(new Set(['ok', 'skipped']));
    // What was pressed is written down, and nothing else but whole lines.
    const lines = readFileSync(join(cwd, 'left/night 1'), 'utf8').split('\n');
    expect(lines.pop()).toBe('');
    const intents = lines.map((line) => JSON.parse(line)).filter((fact) => 'intent' in fact);
    expect(intents.length).toBeGreaterThanOrEqual(
      outcomes.filter((outcome: string) => outcome === 'ok').length,
    );

    const second = await press(['--resume', 'left/night 1', '--json']);
    expect(presses().filter((times) => times > 1)).toEqual([]);
    const known = JSON.parse(second.stdout).results;
    // Whoever was pressed and never written down as done is unknown, and so is nobody who was not written down.
    expect(known).toHaveLength(PHONES);
    const unpressed = presses().filter((times) => times === 0).length;
    expect(unpressed).toBeLessThanOrEqual(
      known.filter(({ outcome }: { outcome: string }) => outcome === 'unknown').length,
    );
  });

  it.runIf(possible)(
    'from the first byte on is an error before anything is sent, and the run can be begun again',
    async () => {
      const { cwd, presses, press } = await labWithDisk();
      const first = await press(['--journal', 'small/q'], SMALL_DISKS[kind](0));
      expect(first.stderr).toMatch(
        /error: the journal small\/q cannot be used: (the disk is full|it would be larger than the system allows); nothing was sent \[journal\]/,
      );
      expect(first.exitCode).toBe(2);
      expect(presses()).toEqual(Array(PHONES).fill(0));
      expect(readFileSync(join(cwd, 'left/q'), 'utf8')).toBe('');
      expect((await press(['--journal', 'left/q'])).exitCode).toBe(0);
      expect(presses()).toEqual(Array(PHONES).fill(1));
    },
  );
});

it('keeps the last line, which lacks its end, where there is no room to go on: it may say that a phone was pressed', async () => {
  const { cwd, presses, press } = await labWithDisk();
  await press(['--journal', 'small/q']);
  const path = join(cwd, 'small/q');
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  const [intent = ''] = lines.filter((line) => line.startsWith('{"intent"'));
  const { intent: host } = JSON.parse(intent);
  const others = lines.filter((line) => line !== intent && JSON.parse(line).outcome?.host !== host);
  expect(others).toHaveLength(lines.length - 2);
  const begin = `${others.join('\n')}\n`;
  const kilobytes = Math.ceil((begin.length + intent.length) / 1024);
  const last = `${intent.slice(0, -1).padEnd(kilobytes * 1024 - begin.length - 1)}}`;
  writeFileSync(path, begin + last);
  const full = await press(['--resume', 'small/q'], SMALL_DISKS.limit(kilobytes));
  expect(full).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('nothing was sent [journal]') });
  expect(readFileSync(path, 'utf8')).toBe(begin + last);
  const { stdout } = await press(['--resume', 'small/q', '--json']);
  const outcomes = JSON.parse(stdout).results.map(({ outcome }: { outcome: string }) => outcome);
  expect(outcomes.filter((outcome: string) => outcome !== 'ok')).toEqual(['unknown']);
  expect(presses()).toEqual(Array(PHONES).fill(1));
});

it('is told beside the lines of --ndjson, which name every phone', async () => {
  const { presses, press } = await labWithDisk();
  const words = ['--journal', 'small/q', '--ndjson', '--json'];
  const { exitCode, stdout, stderr } = await press(words, SMALL_DISKS.limit(8));
  expect(exitCode).toBe(1);
  const lines = stdout.trim().split('\n');
  const outcomes = lines.map((line) => JSON.parse(line).outcome);
  expect(outcomes).toHaveLength(PHONES);
  expect(outcomes.filter((outcome) => outcome === 'skipped')).toHaveLength(
    presses().filter((times) => times === 0).length,
  );
  expect(stderr).toMatch(/^error: the journal small\/q can no longer be written: .*\[journal\]\n/);
});

it('a run that ends so presses no second key either, however long a phone is waited for', async () => {
  const { presses, press } = await labWithDisk();
  const slowly = ['wait:30s', 'DND_OFF', '--jobs', '128', '--stagger', '5ms'];
  const { exitCode, stdout } = await press(
    [...slowly, '--journal', 'small/q', '--json'],
    SMALL_DISKS.limit(2),
  );
  expect(exitCode).toBe(1);
  const { results, error } = JSON.parse(stdout);
  expect(error.code).toBe('journal');
  const outcomes = results.map(({ outcome }: { outcome: string }) => outcome);
  expect(presses().map((times) => (times === 1 ? 'partial' : 'skipped'))).toEqual(outcomes);
  expect(new Set(outcomes)).toEqual(new Set(['partial', 'skipped']));
});

it('a run that ends so says it in words', async () => {
  const { presses, press } = await labWithDisk();
  const { exitCode, stderr } = await press(['--journal', 'small/q'], SMALL_DISKS.limit(8));
  expect(exitCode).toBe(1);
  expect(stderr).toContain(
    'error: the journal small/q can no longer be written: it would be larger than the system allows;',
  );
  expect(stderr).toContain('not sent: the journal could not be written');
  expect(stderr).not.toContain('bug');
  expect(presses()).toContain(0);
});
