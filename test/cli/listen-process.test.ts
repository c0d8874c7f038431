import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { get, halfOpen, send } from '../receiver/raw.ts';
import { IS_ROOT } from '../support/lock-holder.ts';
import { ATCOM, listenProcess } from './listen-process.ts';
import { emptyFolder } from './run.ts';
import { hook, isRunning } from './sinks.ts';

const HOLD = get('/holdUrl.xml');
const MANY = (count: number) => 'GET /holdUrl.xml HTTP/1.1\r\n\r\n'.repeat(count - 1) + HOLD;

it('atcom opens no debugger at a signal, to which every user of this computer could connect', async () => {
  const listener = await listenProcess([]);
  listener.child.kill('SIGUSR1');
  // Node would answer that before the signal that ends it.
  const { stderr } = await listener.end('SIGTERM');
  expect(stderr).not.toContain('ebugger');
});

describe('atcom listen as built', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('ends soon after %s, whatever its webhook does', async (signal) => {
    const { url, count } = await hook(() => undefined);
    const { port, end, wrote } = await listenProcess(['--webhook', url]);
    await send(port, MANY(6));
    await wrote(/(?:"hold"[\s\S]*){6}/);
    await expect.poll(count).toBe(4);
    const { code, ms, stderr } = await end(signal);
    expect(ms).toBeLessThan(3000);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^\S+T\S+Z warning: --webhook for hold of 127\.0\.0\.1: atcom ended$/m);
    expect(stderr).toContain('6 events; --webhook: 4 failed, 2 dropped');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends soon after %s, with all that it started', async (signal) => {
    const cwd = emptyFolder();
    const command = 'sleep 600 & echo $! > pid; echo started; wait';
    const { port, end, wrote } = await listenProcess(['--exec', command], { cwd });
    await send(port, HOLD);
    await wrote('started');
    const { ms, stderr } = await end(signal);
    expect(ms).toBeLessThan(3000);
    expect(stderr).toContain('--exec: 1 failed');
    expect(isRunning(readFileSync(join(cwd, 'pid'), 'utf8'))).toBe(false);
  });

  it('ends soon after a signal that comes when it waits for its end already', async () => {
    const { port, child, end, wrote } = await listenProcess(['--count', '1', '--exec', 'echo go; sleep 600']);
    await send(port, HOLD);
    await wrote('go');
    await expect.poll(() => send(port, HOLD).catch(({ code }) => code)).toBe('ECONNREFUSED');
    expect(child.exitCode).toBeNull();
    expect((await end('SIGTERM')).ms).toBeLessThan(3000);
  });

  it('reports drops as they happen, once, and their number at the end', async () => {
    const { url } = await hook(() => undefined);
    const { port, end, wrote, written } = await listenProcess(['--webhook', url]);
    for (let times = 0; times < 11; times += 1) await send(port, MANY(100));
    await wrote(
      /Z warning: --webhook for hold of 127\.0\.0\.1: dropped, because 1000 events are queued already\n/,
    );
    expect(written.stderr.split('dropped').length).toBe(2);
    expect((await end('SIGINT')).stderr).toContain('1100 events; --webhook: 4 failed, 1096 dropped');
  });

  it.runIf(IS_ROOT)(
    'goes on when the disk of its file is full, and catches up when there is room',
    async () => {
      const cwd = emptyFolder();
      mkdirSync(join(cwd, 'small'));
      mkdirSync(join(cwd, 'left'));
      writeFileSync(join(cwd, 'go'), '');
      // A disk of two pages, filled but for some bytes; it is emptied when the test takes `go` away.
      const script = `mount -t tmpfs -o size=8k none small
      head -c 8000 /dev/zero > small/fill
      (while test -e go; do sleep 0.05; done; rm small/fill) 2> /dev/null &
      "$@"; code=$?; cp small/events left/; exit $code`;
      const before = ['unshare', '--mount', 'sh', '-c', script, 'sh'];
      const { port, wrote, ended, child } = await listenProcess(
        ['--output', 'small/events', '--count', '12'],
        { cwd, before },
      );
      await send(port, MANY(11));
      await wrote(
        /\S+T\S+Z warning: --output small\/events: the disk is full; its lines are queued, and writing is retried\n/,
      );
      expect(child.exitCode).toBeNull();
      rmSync(join(cwd, 'go'));
      await wrote('warning: --output small/events: writing works again\n');
      await send(port, HOLD);
      const { code, stdout } = await ended;
      expect(code).toBe(0);
      expect(readFileSync(join(cwd, 'left', 'events'), 'utf8')).toBe(stdout);
      expect(stdout.split('\n')).toHaveLength(13);
    },
  );

  it('hears a phone although another host holds more connections than allowed, and says so once', async () => {
    const before = ['bash', '-c', 'ulimit -n 64; exec "$@"', 'bash'];
    const { port, wrote, end } = await listenProcess([], { before });
    const slow: Socket[] = [];
    for (let number = 0; number < 100; number += 1) slow.push(await halfOpen(port, 'GET /off'));
    await wrote(/Z warning: \d+ connections are open, as many as this process can have/);
    // Those that gave way are gone, as many as there were too many of.
    await expect.poll(() => slow.filter(({ closed }) => closed).length).toBeGreaterThan(60);
    await send(port, HOLD, '127.0.0.3');
    await wrote('"phone":"127.0.0.3"');
    const { code, stdout, stderr } = await end('SIGTERM');
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(stderr.match(/connections are open/g)).toHaveLength(1);
    expect(stderr).not.toContain('EMFILE');
  });

  const HEAD = ['bash', '-c', 'set -o pipefail; "$@" | head -1', 'bash'] as const;

  it('ends silently when its output has no reader any more', async () => {
    const { port, ended, wrote } = await listenProcess([], { before: HEAD });
    await send(port, HOLD);
    await wrote('"hold"');
    // It learns that from the next one.
    await send(port, HOLD);
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(0);
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stderr).toMatch(/^Listening on \S+\. Ctrl-C ends\.\n2 events\n$/);
  });

  it('is not alone in that: atcom status --watch does, too', async () => {
    const cwd = emptyFolder();
    const listener = await listenProcess([], { cwd });
    const words = ['status', '--watch', '--port', String(listener.port)];
    const env = { PATH: process.env['PATH'], HOME: cwd };
    const watch = spawn(HEAD[0], [...HEAD.slice(1), process.execPath, ATCOM, ...words], { cwd, env });
    const line = once(watch.stdout, 'data');
    const ended = once(watch, 'close');
    const states = setInterval(() => {
      void send(listener.port, MANY(1));
      void send(listener.port, get('/unHoldUrl.xml'));
    }, 100);
    onTestFinished(() => clearInterval(states));
    expect(String(await line)).toContain('"state"');
    expect(await ended).toEqual([0, null]);
  });

  it('begins a new line where the last one was cut short, as by a power cut', async () => {
    const cwd = emptyFolder();
    const cut = '{"time":"2026-01-01T00:00:00.000Z","event":"offHook","pho';
    writeFileSync(join(cwd, 'events'), cut);
    const { port, ended } = await listenProcess(['--output', 'events', '--count', '1'], { cwd });
    await send(port, HOLD);
    expect((await ended).code).toBe(0);
    const [first, second = '', ...more] = readFileSync(join(cwd, 'events'), 'utf8').split('\n');
    expect([first, JSON.parse(second).event, more]).toEqual([cut, 'hold', ['']]);
  });

  it('goes on where its lines go elsewhere, too', async () => {
    const cwd = emptyFolder();
    const { port, ended, wrote } = await listenProcess(['--output', 'events', '--count', '3'], {
      before: HEAD,
      cwd,
    });
    await send(port, HOLD);
    await wrote('"hold"');
    await send(port, HOLD);
    await expect.poll(() => readFileSync(join(cwd, 'events'), 'utf8').split('\n').length).toBe(3);
    await send(port, HOLD);
    expect((await ended).code).toBe(0);
    expect(readFileSync(join(cwd, 'events'), 'utf8').split('\n')).toHaveLength(4);
  });
});

it.runIf(process.platform === 'linux')(
  'does not wait for the reader of a pipe that a command has, too',
  async () => {
    const cwd = emptyFolder();
    // The parent of the command is the listener; 04000 is O_NONBLOCK.
    const words = `listen --port 0 --json --count 1 --exec 'grep flags /proc/$PPID/fdinfo/1 > flags'`;
    const child = spawn('sh', ['-c', `${process.execPath} ${ATCOM} ${words} | cat`], {
      cwd,
      env: { PATH: process.env['PATH'], HOME: cwd },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = once(child, 'close');
    const [line] = await once(child.stderr, 'data');
    await send(Number(/:(\d+)\. Ctrl-C/.exec(String(line))?.[1]), HOLD);
    await ended;
    expect(readFileSync(join(cwd, 'flags'), 'utf8')).toMatch(/^flags:\s+\d*[4-7]\d{3}$/m);
  },
);

it.runIf(process.platform === 'linux')(
  'listens, and ends, though its commands write to a named pipe that nobody reads any more',
  async () => {
    const cwd = emptyFolder();
    const fifo = join(cwd, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(fifo, 'w');
    closeSync(reader);
    const child = spawn(process.execPath, [ATCOM, 'listen', '--port', '0', '--exec', 'true'], {
      cwd,
      env: { PATH: process.env['PATH'], HOME: cwd },
      stdio: ['ignore', writer, 'pipe'],
    });
    closeSync(writer);
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = once(child, 'close');
    const [line] = await once(child.stderr as Readable, 'data');
    expect(String(line)).toContain('Ctrl-C ends.');
    child.kill('SIGTERM');
    await ended;
  },
);

it('answers phones though nobody reads the socket that its commands write to, too, and ends', async () => {
  const { port, child, ended } = await listenProcess(['--exec', 'true']);
  child.stdout.pause();
  const long = `/holdUrl.xml?display_remote=${'x'.repeat(4000)}`;
  for (let sent = 0; sent < 300; sent += 1) await send(port, get(long));
  child.kill('SIGTERM');
  await once(child, 'exit');
  child.stdout.resume();
  expect((await ended).code).toBe(143);
});

it('prints what its commands write to a socket, and does not wait for what they leave behind', async () => {
  const command =
    'echo out; echo err >&2; (n=0; until [ -e go ] || [ $n = 200 ]; do n=$((n+1)); sleep 0.1; done; echo late; touch done) &';
  const cwd = emptyFolder();
  const { port, child, ended } = await listenProcess(['--count', '1', '--exec', command], { cwd });
  await send(port, HOLD);
  await once(child, 'exit');
  writeFileSync(join(cwd, 'go'), '');
  const { code, stdout, stderr } = await ended;
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^out$.*^late$/ms),
    stderr: expect.stringMatching(/^err$/m),
  });
  expect(existsSync(join(cwd, 'done'))).toBe(true);
});

it.runIf(process.platform === 'linux')(
  'answers phones though its terminal takes no more, and ends',
  async () => {
    const cwd = emptyFolder();
    const words = `echo $$ > pid; exec ${process.execPath} ${ATCOM} listen --port 0 --exec true`;
    const child = spawn('script', ['-qfc', words, '/dev/null'], {
      cwd,
      env: { PATH: process.env['PATH'], HOME: cwd, SHELL: '/bin/sh' },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let shown = '';
    child.stdout.on('data', (text) => {
      shown += text;
    });
    await expect.poll(() => shown).toContain('Ctrl-C ends.');
    const port = Number(/:(\d+)\. Ctrl-C/.exec(shown)?.[1]);
    const pid = Number(readFileSync(join(cwd, 'pid'), 'utf8'));
    onTestFinished(() => {
      if (isRunning(String(pid))) process.kill(pid, 'SIGKILL');
    });
    child.stdout.pause();
    const long = `/holdUrl.xml?display_remote=${'x'.repeat(4000)}`;
    for (let sent = 0; sent < 300; sent += 1) await send(port, get(long));
    const ended = once(child, 'close');
    process.kill(pid, 'SIGTERM');
    await expect.poll(() => isRunning(String(pid)), { timeout: 5000 }).toBe(false);
    child.stdout.resume();
    await ended;
  },
);

it('says that other commands cannot use it where the state folder cannot be used', async () => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'state'), '');
  const { wrote } = await listenProcess([], { cwd, env: { XDG_STATE_HOME: join(cwd, 'state') } });
  await wrote('warning: other commands cannot hear phones through this listener (');
});
