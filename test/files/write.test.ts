import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { writeText } from '../../src/files/write.ts';
import { emptyFolder } from '../cli/run.ts';
import { me } from '../support/me.ts';

/** How many bytes the disk still takes. */
const disk = vi.hoisted(() => ({ room: Number.POSITIVE_INFINITY, wrote: () => {} }));
vi.mock(import('node:fs'), async (original) => {
  const fs = await original();
  const writeSync = (fd: number, bytes: Buffer, from: number) => {
    if (disk.room === 0) throw Object.assign(new Error('full'), { code: 'ENOSPC', errno: -28 });
    const written = fs.writeSync(fd, bytes, from, Math.min(bytes.length - from, disk.room));
    disk.room -= written;
    disk.wrote();
    return written;
  };
  return { ...fs, writeSync: writeSync as typeof fs.writeSync };
});
afterEach(() => {
  disk.room = Number.POSITIVE_INFINITY;
  disk.wrote = () => {};
});

const { signal } = new AbortController();
const LONG = `${'x'.repeat(300_000)}ü`;

/** A pipe in a folder of its own. Who waits for a reader in vain would never come to fail, so there is one at last. */
function pipe(): string {
  const path = join(emptyFolder(), 'pipe');
  execFileSync('mkfifo', [path]);
  const last = spawn('sh', ['-c', 'sleep 5; exec cat "$1"', 'sh', path]);
  onTestFinished(() => void last.kill('SIGKILL'));
  return path;
}

/** How many files this process has open. */
const open = () => readdirSync('/proc/self/fd').length;

describe.runIf(process.platform === 'linux')('a file that is written', () => {
  it('holds the text, and nothing else, unless that is added', async () => {
    const file = join(emptyFolder(), 'a');
    writeFileSync(file, 'an older text');
    await writeText(file, LONG, { person: me({}), signal });
    await writeText(file, 'b', { person: me({}), signal, append: true });
    expect(readFileSync(file, 'utf8')).toBe(`${LONG}b`);
  });

  it.each([
    [false, ''],
    [true, 'yesterday'],
  ])('has no half text if the disk is full, whether that is added: %s', async (append, left) => {
    const file = join(emptyFolder(), 'a');
    writeFileSync(file, 'yesterday');
    disk.room = 1000;
    await expect(writeText(file, LONG, { person: me({}), signal, append })).rejects.toMatchObject({
      code: 'unwritable-file',
      details: { reason: 'the disk is full', hint: 'make room, or name a file on another disk' },
    });
    expect(readFileSync(file, 'utf8')).toBe(left);
  });

  it('keeps what another program adds meanwhile', async () => {
    const file = join(emptyFolder(), 'a');
    writeFileSync(file, 'a');
    const writing = writeText(file, 'c', { person: me({}), signal, append: true });
    appendFileSync(file, 'b');
    await writing;
    expect(readFileSync(file, 'utf8')).toBe('abc');
    disk.room = 1;
    disk.wrote = () => appendFileSync(file, 'e');
    await expect(writeText(file, 'ddd', { person: me({}), signal, append: true })).rejects.toMatchObject({
      code: 'unwritable-file',
    });
    expect(readFileSync(file, 'utf8')).toBe('abcde');
  });

  it('may be a pipe, however late its reader is', async () => {
    const path = pipe();
    const before = open();
    const writing = writeText(path, LONG, { person: me({}), signal });
    const reader = spawn('cat', [path]);
    let text = '';
    reader.stdout.setEncoding('utf8').on('data', (piece) => (text += piece));
    await writing;
    await new Promise((done) => reader.once('close', done));
    expect(text).toBe(LONG);
    await expect.poll(open).toBe(before);
  });

  it('is given up after a signal if it is a pipe without a reader', async () => {
    const stop = new AbortController();
    const writing = writeText(pipe(), 'a', { person: me({}), signal: stop.signal });
    stop.abort();
    await expect(writing).rejects.toMatchObject({
      code: 'unwritable-file',
      details: { reason: 'it has no reader' },
    });
  });

  it('is given up after a signal if it is a pipe whose reader stopped reading', async () => {
    const path = pipe();
    const reader = spawn('sh', ['-c', 'exec 3< "$1"; echo; exec sleep 60', 'sh', path]);
    onTestFinished(() => void reader.kill('SIGKILL'));
    const stop = new AbortController();
    const writing = writeText(path, LONG, { person: me({}), signal: stop.signal });
    await new Promise((reads) => reader.stdout.once('data', reads));
    stop.abort();
    await expect(writing).rejects.toMatchObject({ code: 'unwritable-file' });
    await expect(writeText(path, LONG, { person: me({}), signal: stop.signal })).rejects.toThrow(
      'it was interrupted',
    );
  });

  it('has a readable error if it cannot be written', async () => {
    const file = join(emptyFolder(), 'socket');
    const server = createServer().listen(file);
    onTestFinished(() => void server.close());
    await new Promise((listening) => server.once('listening', listening));
    const before = open();
    for (const [path, reason] of [
      ['/dev/full', 'the disk is full'],
      ['/tmp', 'it is a folder'],
      ['/proc/no/such', 'its folder is not there'],
      ['/dev/null/a', 'a part of its path is not a folder'],
      [file, 'it is a socket, or a device that is not there'],
    ] as const) {
      await expect(writeText(path, 'a', { person: me({}), signal })).rejects.toMatchObject({
        code: 'unwritable-file',
        message: `${path} cannot be written: ${reason}`,
        hint:
          path === '/dev/full'
            ? 'make room, or name a file on another disk'
            : 'check its folder and its permissions',
      });
    }
    expect(open()).toBe(before);
  });
});
