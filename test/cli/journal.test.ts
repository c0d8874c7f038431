import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { Socket } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Journal } from '../../src/fleet/journal.ts';
import { Phone } from '../../src/phone/index.ts';
import { closedPort, rawServer } from '../support/raw-server.ts';
import { lab } from './lab.ts';
import { emptyFolder, run } from './run.ts';

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

  it.each([[[]], [['--stagger', '1ms']]])(
    'announces a phone before its keys arrive, with %j',
    async (pace) => {
      const cwd = emptyFolder();
      const file = join(cwd, 'run.jsonl');
      const announced: boolean[] = [];
      const phones = await Promise.all(
        [1, 2].map(async () => {
          const phone = await rawServer((socket) => {
            announced.push(readFileSync(file, 'utf8').includes(`{"intent":"${phone.host}"}\n`));
            socket.end('HTTP/1.1 200 OK\r\n\r\n');
          });
          return phone;
        }),
      );
      const to = phones.map(({ host }) => host).join(',');
      expect((await run(['hold', '--to', to, '--journal', file, ...pace], { cwd })).exitCode).toBe(0);
      expect(announced).toEqual([true, true]);
    },
  );

  it('that a copy has replaced meanwhile ends the run, and is not offered to go on with', async () => {
    const { cwd, presses } = await lab(2);
    const file = join(cwd, 'run.jsonl');
    const saving = await rawServer((socket) => {
      copyFileSync(file, `${file}~`);
      renameSync(`${file}~`, file);
      socket.end('HTTP/1.0 200 OK\r\n\r\n');
    });
    const to = `${saving.host},lab-[001-002]`;
    const { exitCode, stderr } = await run(['hold', '--to', to, '--jobs', '1', '--journal', file], { cwd });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'moved, removed or replaced while the run wrote to it; no phone was pressed after',
    );
    expect(stderr).toContain('a copy does not know which phones were pressed later');
    expect(stderr).not.toContain('--resume');
    expect(saving.connections).toBe(1);
    expect(presses()).toEqual([0, 0]);
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

describe('what an earlier run did', () => {
  it('is told as such, and that nothing was pressed', async () => {
    const { cwd, presses } = await lab(2);
    const words = ['dnd', 'on', '--to', 'lab-[001-002]'];
    const first = await run([...words, '--journal', join(cwd, 'j'), '--json'], { cwd });
    expect(first.stdout).not.toContain('earlier');
    const again = (...more: readonly string[]) =>
      run([...words, '--resume', join(cwd, 'j'), ...more], { cwd });
    const { at } = JSON.parse(readFileSync(join(cwd, 'j'), 'utf8').split('\n')[1] as string).run;
    const told = await again('--report', `junit:${join(cwd, 'j.xml')}`);
    expect(told.exitCode).toBe(0);
    expect(told.stdout.match(new RegExp(`^lab-00\\d +ok +\\d+ ms +in the run of ${at}$`, 'gm'))).toHaveLength(
      2,
    );
    expect(told.stderr).toMatch(/^nothing was pressed: the journal has no phone left to press\n/);
    expect(readFileSync(join(cwd, 'j.xml'), 'utf8').split(`in the run of ${at}`)).toHaveLength(3);
    // The second run was there, but came to no phone.
    const { results } = JSON.parse((await again('--json')).stdout);
    expect(results).toMatchObject([
      { outcome: 'ok', earlier: at },
      { outcome: 'ok', earlier: at },
    ]);
    expect((await again('--quiet')).stderr).toBe('');
    expect(presses()).toEqual([1, 1]);
  });

  it('is told apart in the line that many phones share', async () => {
    const { cwd } = await lab(10);
    const words = ['dnd', 'on', '--to', 'lab-[001-010]', '--yes'];
    await run([...words, '--journal', join(cwd, 'j')], { cwd });
    const file = join(cwd, 'j');
    const kept = readFileSync(file, 'utf8').split('\n');
    writeFileSync(
      file,
      kept
        .filter((line) => !/^\{"(?:intent|outcome)".*/.test(line) || !line.includes(hostIn(kept)))
        .join('\n'),
    );
    const { stdout } = await run([...words, '--resume', join(cwd, 'j')], { cwd });
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
    expect(stdout).toMatch(/\(9\) {2}ok {2}in the run of \S+$/m);
    expect(stdout).toMatch(/\(1\) {2}ok$/m);
  });

  it.each([[['--confirm']], [['--wait', 'openDND']]])(
    'proves nothing to %j, unless it waited, too',
    async (waiting) => {
      const { cwd, presses } = await lab(1, `listener: { port: ${await closedPort()} }\n`);
      const words = ['dnd', 'on', '--to', 'lab-001'];
      expect((await run([...words, '--journal', join(cwd, 'j')], { cwd })).exitCode).toBe(0);
      const again = await run([...words, '--resume', join(cwd, 'j'), ...waiting, '--json'], { cwd });
      expect(again.exitCode).toBe(6);
      expect(JSON.parse(again.stdout).results).toMatchObject([
        { outcome: 'unconfirmed', earlier: expect.any(String), error: { code: 'unwatched' } },
      ]);
      // Nor is that what the journal says of it.
      expect((await run([...words, '--resume', join(cwd, 'j')], { cwd })).exitCode).toBe(0);
      expect(presses()).toEqual([1]);
    },
  );
});

/** The first address in a journal. */
function hostIn(lines: readonly string[]): string {
  return (
    lines.map((line) => /^\{"intent":"(.*)"\}$/.exec(line)?.[1]).find((host) => host !== undefined) ?? ''
  );
}

it('a run with a journal says how to go on with it', async () => {
  const { cwd } = await lab(9);
  const file = join(cwd, 'run.jsonl');
  const words = ['hold', '--to', `lab-[001-009],127.0.0.1:${await closedPort()}`, '--journal', file];
  const { stderr } = await run(words, { cwd });
  expect(stderr).toContain(`\n  atcom hold --to '${words[2]}' --retry-failed ${file}\n`);
});

it.each<
  [string, (targets: string, file: string) => readonly [readonly string[], string], 'as written' | 'by name']
>([
  ['a batch', (to, file) => [['run', '-'], `to ${to}\nhold --journal ${file}\n`], 'as written'],
  [
    'a list on stdin',
    (to, file) => [['hold', '--to', '-', '--journal', file], to.replace(',', '\n')],
    'by name',
  ],
  [
    'a list in a pipe of the shell',
    (to, file) => {
      writeFileSync(`${file}.list`, to.replace(',', '\n'));
      const handle = openSync(`${file}.list`, 'r');
      onTestFinished(() => closeSync(handle));
      return [['hold', '--targets-file', `/dev/fd/${handle}`, '--journal', file], ''];
    },
    'by name',
  ],
])('a run with a journal says how to go on with it, on its phones: %s', async (_, ran, how) => {
  const { cwd } = await lab(2);
  const file = join(cwd, 'run.jsonl');
  const targets = `lab-002,127.0.0.1:${await closedPort()}`;
  const [words, input] = ran(targets, file);
  const { stderr } = await run(words, { cwd, input });
  const [offered = ''] = stderr.match(/atcom hold .*/) ?? [];
  const to = how === 'as written' ? targets : /--to (\S+)/.exec(offered)?.[1];
  expect(offered).toBe(`atcom hold --to ${to} --retry-failed ${file}`);
  // It fails as before, and not because it is of other phones.
  expect((await run(offered.split(' ').slice(1), { cwd })).exitCode).toBe(3);
});

it('a retry of phones that were listed on stdin says how to go on with all of them', async () => {
  const { cwd } = await lab(1);
  const file = join(cwd, 'run.jsonl');
  const input = `lab-001\n127.0.0.1:${await closedPort()}\n127.0.0.2:${await closedPort()}\n`;
  await run(['hold', '--to', '-', '--journal', file], { cwd, input });
  const { stderr } = await run(['hold', '--to', '-', '--retry-failed', file], { cwd, input });
  const [offered = ''] = stderr.match(/atcom hold .*/) ?? [];
  expect(offered).toContain('lab-001');
  expect((await run(offered.split(' ').slice(1), { cwd })).exitCode).toBe(3);
});

it.each([
  ['before it began with the second phone', ['--stagger', '1h']],
  ['while the second phone did something else', ['--jobs', '2']],
])('a retry that was stopped %s is gone on with by the command that it offers', async (_, options) => {
  const stop = new AbortController();
  let isAllowed = false;
  const play = (socket: Socket) =>
    socket.end(isAllowed ? 'HTTP/1.1 200 OK\r\n\r\n' : 'HTTP/1.1 403 No\r\n\r\n');
  const keys: string[] = [];
  const first = await rawServer((socket, request) => {
    keys.push(`a ${/key=(\w+)/.exec(request)?.[1]}`);
    if (isAllowed) socket.on('close', () => stop.abort());
    play(socket);
  });
  let answer = () => {};
  const second = await rawServer((socket, request) => {
    keys.push(`b ${/key=(\w+)/.exec(request)?.[1]}`);
    if (request.includes('MUTE')) answer = () => play(socket);
    else play(socket);
  });
  const cwd = emptyFolder();
  const phone = (host: string) => `{ host: "${host}", approval: { status: 403 } }`;
  writeFileSync(
    join(cwd, 'atcom.config.yaml'),
    `phones: { a: ${phone(first.host)}, b: ${phone(second.host)} }`,
  );
  const file = join(cwd, 'run.jsonl');
  const words = ['hold', '--to', 'a,b'];
  expect((await run([...words, '--journal', file], { cwd })).exitCode).toBe(4);
  isAllowed = true;
  const other = new Phone({ host: second.host }).mute();
  await vi.waitFor(() => expect(keys).toContain('b MUTE'));
  const retry = [...words, '--retry-failed', file, ...options];
  const { exitCode, stderr } = await run(retry, { cwd, signal: stop.signal });
  expect(exitCode).toBe(130);
  answer();
  await other;
  const [, offered = ''] = /where nothing was done:\n {2}atcom (.+)\n/.exec(stderr) ?? [];
  expect(offered).toContain(`--retry-failed ${file}`);
  const again = await run(offered.replace(' --stagger 1h', '').split(' '), { cwd });
  expect(again.exitCode).toBe(0);
  expect(keys).toEqual(['a HOLD', 'b HOLD', 'b MUTE', 'a HOLD', 'b HOLD']);
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
    code: 'partial',
    retryable: false,
  });
  expect(phone.connections).toBe(1);
});

it('a journal belongs to one run at a time, by whatever name', async () => {
  const { cwd, presses, simulator } = await lab(1);
  const [file, link] = [join(cwd, 'run.jsonl'), join(cwd, 'link.jsonl')];
  const words = ['hold', '--to', 'lab-001'];
  expect((await run([...words, '--journal', file], { cwd })).exitCode).toBe(0);
  symlinkSync(file, link);
  const host = simulator.phones[0]?.host ?? '';
  const items = [{ phone: 'lab-001', host, sequence: 'HOLD' }];
  const other = await Journal.resume(file, { command: 'hold', items, process: 4711 });
  for (const option of ['--resume', '--retry-failed', '--journal']) {
    const refused = await run([...words, option, link], { cwd });
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain(`another run has it (process 4711 on ${hostname()}); nothing was sent`);
  }
  await other.close();
  expect((await run([...words, '--resume', link], { cwd })).exitCode).toBe(0);
  expect(presses()).toEqual([1]);
});

it('an edited journal that cannot be read is an error, and nothing is sent', async () => {
  const { cwd, presses } = await lab(2);
  const file = join(cwd, 'run.jsonl');
  const words = ['hold', '--to', 'lab-[001-002]'];
  expect((await run([...words, '--journal', file], { cwd })).exitCode).toBe(0);
  const text = readFileSync(file, 'utf8');
  for (const [from, to] of [
    ['"outcome":"ok"', '"outcome":"\\u001b[31mfine"'],
    ['"requests":[', '"requests":[7,'],
    ['"ms":', '"ms":-'],
    ['{"intent":', '{"intent":["x"],"was":'],
  ] as const) {
    writeFileSync(file, text.replace(from, to));
    for (const option of ['--resume', '--retry-failed']) {
      const { exitCode, stderr } = await run([...words, option, file], { cwd });
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/line \d+ .*; nothing was sent \[journal\]\n {2}Fix: /);
      expect(stderr).not.toMatch(/bug|(?!\n)\p{Cc}/u);
    }
  }
  expect(presses()).toEqual([1, 1]);
});
