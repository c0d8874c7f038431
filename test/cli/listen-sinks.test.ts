import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { execSink } from '../../src/cli/listen/sinks/exec.ts';
import { fileSink } from '../../src/cli/listen/sinks/file.ts';
import type { Taken } from '../../src/cli/listen/sinks/sink.ts';
import { webhookSink } from '../../src/cli/listen/sinks/webhook.ts';
import { signalGroup } from '../../src/cli/process/signals.ts';
import { UNHEARD } from '../../src/receiver/index.ts';
import { me } from '../support/me.ts';
import { emptyFolder } from './run.ts';
import { hook, isRunning } from './sinks.ts';

const TAKEN: Taken = {
  event: { time: '', event: 'hold', phone: 'p', source: '127.0.0.1', path: '/', values: {} },
  state: UNHEARD,
  json: '{"time":"2026-11-28T09:00:00.000Z","event":"hold"}',
};

/** An answer that goes on as fast as it is read, for ever. */
function endless(begin: string, more: string) {
  return (socket: Socket) => {
    socket.write(begin);
    const fill = () => {
      while (!socket.destroyed && socket.write(more.repeat(1000)));
    };
    socket.on('drain', fill);
    fill();
  };
}

/** An answer that comes letter by letter, for ever. */
function dripping(begin: string, drop = 'x') {
  return (socket: Socket) => {
    socket.write(begin);
    const timer = setInterval(() => socket.write(drop), 10);
    socket.on('close', () => clearInterval(timer));
  };
}

/** Complaints of a sink. */
function complaints() {
  const told: string[] = [];
  return { told, complain: (_: string, text: string) => void told.push(text) };
}

describe('a webhook', () => {
  it('whose response never ends is closed after its status, and keeps no connection', async () => {
    const { url, closed, count } = await hook(endless('HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(10)));
    const { told, complain } = complaints();
    const sink = await webhookSink(url, complain);
    for (let number = 0; number < 40; number += 1) sink.take(TAKEN);
    await sink.drain();
    await closed();
    expect(count()).toBe(40);
    expect([told, sink.complaint()]).toEqual([[], undefined]);
  });

  it('whose response trickles is closed, too, and gets the next event', async () => {
    const { url, closed, count } = await hook(dripping('HTTP/1.1 500 No\r\nContent-Length: 9999\r\n\r\n'));
    const { told, complain } = complaints();
    const sink = await webhookSink(url, complain, 60_000);
    for (let number = 0; number < 8; number += 1) sink.take(TAKEN);
    await sink.drain();
    await closed();
    expect(count()).toBe(8);
    expect(told).toHaveLength(8);
    expect(told[0]).toBe('--webhook for hold of p: it answered 500');
  });

  it.each([
    ['promises', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['line breaks', '\r\n'],
  ])('that sends nothing but %s is left', async (_, more) => {
    const { url, closed } = await hook(endless('', more));
    const { told, complain } = complaints();
    const sink = await webhookSink(url, complain);
    sink.take(TAKEN);
    await sink.drain();
    await closed();
    expect(told).toEqual(['--webhook for hold of p: it sent too much, and no status']);
  });

  it.each([
    ['drips for ever', dripping('HTTP/1.1 200 ')],
    ['goes on for ever with no more than a promise', dripping('', 'HTTP/1.1 100 Continue\r\n\r\n')],
    ['never comes', () => undefined],
  ])('whose status %s has a time for all of it', async (_, serve) => {
    const { url, closed } = await hook(serve);
    const { told, complain } = complaints();
    const sink = await webhookSink(url, complain, 100);
    sink.take(TAKEN);
    await sink.drain();
    await closed();
    expect(told).toEqual(['--webhook for hold of p: not done within 100ms']);
    expect(sink.complaint()).toBe('--webhook: 1 failed');
  });

  it.each([
    ['without a word', (socket: Socket) => socket.end(), /socket hang up/],
    [
      'with another protocol',
      (socket: Socket) => socket.end('HTTP/1.1 101 Go\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
      /closed without a response|Parse Error|hang up/,
    ],
  ])('that ends the connection %s has not taken the event', async (_, serve, why) => {
    const { url } = await hook(serve);
    const { told, complain } = complaints();
    const sink = await webhookSink(url, complain);
    sink.take(TAKEN);
    await sink.drain();
    expect(told).toEqual([expect.stringMatching(why)]);
    expect(sink.complaint()).toBe('--webhook: 1 failed');
  });
});

describe('a command', () => {
  const env = { PATH: process.env['PATH'] ?? '' };
  const nowhere = { write: () => true };
  const surroundings = {
    env,
    signalGroup: signalGroup(process.kill.bind(process)),
    stdout: nowhere,
    stderr: nowhere,
  };

  it('that takes too long is ended with all that it started, whatever they do about it', async () => {
    const folder = emptyFolder();
    const { told, complain } = complaints();
    const command = `trap '' TERM; (trap '' TERM; sleep 600) & echo $! > ${folder}/pid; wait`;
    const sink = await execSink(command, surroundings, complain, 300);
    sink.take(TAKEN);
    await sink.drain();
    expect(told).toEqual(['--exec for hold of p: not done within 300ms']);
    await expect.poll(() => isRunning(readFileSync(join(folder, 'pid'), 'utf8'))).toBe(false);
  });

  it('leaves alone what it has started on purpose and ended before', async () => {
    const folder = emptyFolder();
    const { told, complain } = complaints();
    const sink = await execSink(`sleep 600 & echo $! > ${folder}/pid`, surroundings, complain);
    sink.take(TAKEN);
    await sink.drain();
    const pid = readFileSync(join(folder, 'pid'), 'utf8');
    onTestFinished(() => void process.kill(Number(pid), 'SIGKILL'));
    expect([told, isRunning(pid)]).toEqual([[], true]);
  });
});

describe('a file', () => {
  it('that cannot be written is reported, and its lines are queued', async () => {
    const folder = emptyFolder();
    const file = join(folder, 'there', 'events');
    mkdirSync(join(folder, 'there'));
    const { told, complain } = complaints();
    const sink = await fileSink(file, me({}), complain);
    renameSync(join(folder, 'there'), join(folder, 'away'));
    sink.take(TAKEN);
    await expect
      .poll(() => told)
      .toEqual([expect.stringMatching(/^--output .*there is no such file; its lines are queued, and/)]);
    sink.take(TAKEN);
    renameSync(join(folder, 'away'), join(folder, 'there'));
    await expect.poll(() => told.at(-1), { timeout: 5000 }).toBe(`--output ${file}: writing works again`);
    await sink.drain();
    expect(readFileSync(file, 'utf8')).toBe(`${TAKEN.json}\n`.repeat(2));
    expect(sink.complaint()).toBeUndefined();
  });

  it.each([
    ['a config', 'phones: { p: 127.0.0.1 }\n'],
    ['a journal', '{"schema":"atcom-journal/1","command":"hold"}\n'],
    ['a log of another program', '{"time":"2026-11-28T09:00:00.000Z","level":"INFO"}\n'],
    ['a word', 'x'],
  ])('that is %s is left as it is', async (_, text) => {
    const file = join(emptyFolder(), 'file');
    writeFileSync(file, text);
    await expect(fileSink(file, me({}), () => undefined)).rejects.toMatchObject({
      code: 'unwritable-file',
      message: `${file} cannot be written: it holds something else than events`,
      hint: 'name another file; if it is of no use any more, remove it',
    });
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('that something else has replaced is left as it is, until it is away', async () => {
    const file = join(emptyFolder(), 'events');
    const { told, complain } = complaints();
    const sink = await fileSink(file, me({}), complain);
    writeFileSync(file, 'precious');
    sink.take(TAKEN);
    await expect
      .poll(() => told)
      .toEqual([
        `--output ${file}: it holds something else than events; its lines are queued, and writing is retried`,
      ]);
    expect(readFileSync(file, 'utf8')).toBe('precious');
    rmSync(file);
    await sink.drain();
    expect(readFileSync(file, 'utf8')).toBe(`${TAKEN.json}\n`);
  });

  it('that is a pipe without a reader is an error at once', async () => {
    const file = join(emptyFolder(), 'pipe');
    execFileSync('mkfifo', [file]);
    await expect(fileSink(file, me({}), () => undefined)).rejects.toMatchObject({ code: 'unwritable-file' });
  });

  it('that still cannot be written at the end is given up, and its lost lines are counted', async () => {
    const { told, complain } = complaints();
    const sink = await fileSink('/dev/full', me({}), complain);
    sink.take(TAKEN);
    sink.take(TAKEN);
    await sink.drain();
    expect(told[0]).toMatch(/^--output \/dev\/full: the disk is full/);
    expect(sink.complaint()).toBe('--output: 2 lost');
  });
});
