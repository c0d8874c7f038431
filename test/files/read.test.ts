import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readPlainFile } from '../../src/files/plain.ts';
import { readContent, readText } from '../../src/files/read.ts';
import { newFolder } from '../support/folder.js';

/** A folder of its own, with a pipe. Who waits for a writer in vain would never come to fail, so there is one at last. */
function folder(): string {
  const path = newFolder('files');
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  execFileSync('mkfifo', [join(path, 'pipe')]);
  writeTo(join(path, 'pipe'), 'sleep 5; printf late');
  return path;
}

/** Writes into a pipe as soon as somebody reads it. */
function writeTo(pipe: string, command: string): void {
  const child = spawn('sh', ['-c', `${command} > "$1"`, 'sh', pipe]);
  onTestFinished(() => void child.kill('SIGKILL'));
}

/** How many files this process has open. */
const open = () => readdirSync('/proc/self/fd').length;

describe.runIf(process.platform === 'linux')('a file that is read', () => {
  it('may be a pipe, however late and slow its writer is', async () => {
    const pipe = join(folder(), 'pipe');
    const reading = readContent(pipe);
    writeTo(pipe, '(printf a; printf b; printf ü)');
    const { text, stats } = await reading;
    expect([text, stats.isFIFO()]).toEqual(['abü', true]);
  });

  it('may be one of /proc, which has no size', async () => {
    const text = await readText('/proc/self/status');
    expect([statSync('/proc/self/status').size, text.startsWith('Name:')]).toEqual([0, true]);
  });

  it.each(['/dev/zero', '/dev/full', '/dev/urandom'])('is not endless: %s', async (device) => {
    const before = open();
    await expect(readText(device)).rejects.toThrow(`${device} cannot be read: it is larger than 4 MiB`);
    expect(open()).toBe(before);
  });

  it('is not endless as a pipe', async () => {
    const pipe = join(folder(), 'pipe');
    const reading = readText(pipe, { most: 100_000 });
    writeTo(pipe, 'yes');
    await expect(reading).rejects.toMatchObject({
      code: 'unreadable-file',
      details: { file: pipe, reason: 'it is larger than 97 KiB' },
    });
  });

  it('holds no more than the limit, and may hold that', async () => {
    const file = join(folder(), 'a');
    writeFileSync(file, 'x'.repeat(1024));
    expect(await readText(file, { most: 1024 })).toHaveLength(1024);
    await expect(readText(file, { most: 1023 })).rejects.toThrow('it is larger than');
    expect(() => readPlainFile(file, 1023)).toThrow('it is larger than');
  });

  it('is opened at once, even without a writer', async () => {
    const cwd = folder();
    const looks = 'i=0; while [ ! -e go ] && [ $i -lt 30 ]; do sleep 0.1; i=$((i+1)); done';
    const says = 'if [ -e go ]; then printf asked; else printf waited; fi > pipe';
    const writer = spawn('sh', ['-c', `${looks}; ${says}`], { cwd });
    onTestFinished(() => void writer.kill('SIGKILL'));
    const reading = readText(join(cwd, 'pipe'));
    writeFileSync(join(cwd, 'go'), '');
    expect(await reading).toBe('asked');
  });

  it('is not waited for after a signal while it is read', async () => {
    const stop = new AbortController();
    const { signal } = stop;
    const add = signal.addEventListener.bind(signal);
    const listens = new Promise<void>((resolve) => {
      signal.addEventListener = (...words: Parameters<typeof add>) => {
        add(...words);
        resolve();
      };
    });
    const reading = readText(join(folder(), 'pipe'), { signal });
    await listens;
    stop.abort(new Error('Ctrl-C'));
    await expect(reading).rejects.toThrow('Ctrl-C');
  });

  it('is not waited for after a signal, whenever that comes', async () => {
    const pipe = join(folder(), 'pipe');
    const before = open();
    const stop = new AbortController();
    const reason = new Error('Ctrl-C');
    const reading = readText(pipe, { signal: stop.signal });
    stop.abort(reason);
    await expect(reading).rejects.toBe(reason);
    await expect(readText(pipe, { signal: stop.signal })).rejects.toBe(reason);
    // A file needs no waiting: what is read in order to clean up is read.
    writeFileSync(join(pipe, '../a'), 'text');
    expect(await readText(join(pipe, '../a'), { signal: stop.signal })).toBe('text');
    await expect.poll(open).toBe(before);
  });

  it('must not be a pipe if someone else chose it', () => {
    const pipe = join(folder(), 'pipe');
    const before = open();
    expect(() => readPlainFile(pipe)).toThrow('it is no plain file');
    expect(open()).toBe(before);
  });

  it('is not read where it is refused', async () => {
    const before = open();
    const check = () => {
      throw new Error('refused');
    };
    await expect(readContent('/dev/null', { check })).rejects.toThrow('refused');
    expect(open()).toBe(before);
  });
});
