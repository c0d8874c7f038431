import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sharingListener } from '../../src/cli/batch/shared-listener.ts';
import type { Context } from '../../src/cli/context.ts';
import { EventHub } from '../../src/receiver/index.ts';
import { get, receiver, send, subscribed } from '../receiver/raw.ts';
import { rawServer } from '../support/raw-server.ts';
import { emptyFolder, run } from './run.ts';

/** What the phone reports when a key is pressed for the first time, before it answers. */
const REPORTS: Readonly<Record<string, readonly string[]>> = {
  DND_ON: ['openDND', 'hold', 'openDND'],
  HOLD: ['hold', 'unHold'],
};

/** A phone that reports to a listener, and runs of lines for it. */
async function desk() {
  const listener = await receiver();
  const pressed: string[] = [];
  const { host } = await rawServer(async (socket, request) => {
    const key = /key=(\S*)/.exec(request)?.[1] ?? '';
    const events = pressed.includes(key) ? [] : (REPORTS[key] ?? []);
    pressed.push(key);
    for (const event of events) await send(listener.port, get(`/${event}Url.xml`));
    socket.end('HTTP/1.1 200 OK\r\n\r\n');
  });
  const cwd = emptyFolder();
  const file = join(cwd, 'x.atcom');
  writeFileSync(
    join(cwd, '.atcomrc.yaml'),
    `listener: { port: ${listener.port} }\nphones: { desk: "${host}" }\n`,
  );
  const runLines = (lines: string, ...words: readonly string[]) => {
    writeFileSync(file, `to desk\n${lines.replaceAll('; ', '\n')}\n`);
    return run(['run', file, ...words], { cwd });
  };
  return { cwd, listener, pressed, runLines };
}

it.each([
  ['it was reported before the key was answered', 'hold; expect hold', 0],
  ['there is a pause after the key', 'hold; sleep 1ms; expect hold', 0],
  ['the first of two keys caused it', 'dnd on; hold; expect openDND; expect unHold', 0],
  ['it is the second of two of one key', 'hold; expect hold; expect unHold', 0],
  ['it was taken already', 'hold; expect hold; expect hold --within 20ms', 6],
  ['it came before the key', 'dnd on; expect openDND; mute; expect openDND --within 20ms', 6],
  [
    'it came before the first of two keys',
    'dnd on; expect openDND; mute; hangup; expect openDND --within 20ms',
    6,
  ],
  ['only a dry run came after it', 'dnd on; expect openDND; mute --dry-run; expect hold', 0],
])('an event meets an expectation of a run or not where %s', async (_, lines, exitCode) => {
  const { runLines } = await desk();
  expect((await runLines(lines)).exitCode).toBe(exitCode);
});

it('an event meets an expectation where only phones came after it that a journal has already', async () => {
  const { cwd, pressed, runLines } = await desk();
  const journal = join(cwd, 'journal');
  await run(['mute', '--to', 'desk', '--journal', journal], { cwd });
  const lines = `dnd on; expect openDND; mute --resume ${journal}; expect hold`;
  expect(await runLines(lines)).toMatchObject({ exitCode: 0 });
  expect(pressed).toEqual(['MUTE', 'DND_ON']);
});

it('an event of an earlier round meets no expectation of the next', async () => {
  const { pressed, runLines } = await desk();
  const { exitCode } = await runLines('dnd on; expect openDND --within 20ms', '--repeat', '2');
  expect([exitCode, pressed]).toEqual([6, ['DND_ON', 'DND_ON']]);
});

it.each([
  ['meets an expectation', 'expect hold', 0],
  ['meets none after the first key', 'mute; expect hold --within 20ms', 6],
])('what is reported once a run has begun %s', async (_, lines, exitCode) => {
  const { listener, runLines } = await desk();
  const running = runLines(lines);
  await subscribed(listener);
  const time = new Date().toISOString();
  listener.hub.publish({ time, event: 'hold', phone: '', source: '127.0.0.1', path: '/', values: {} });
  expect((await running).exitCode).toBe(exitCode);
});

it('no event meets an expectation where the listener may have told an old one late', async () => {
  const hub = new EventHub();
  const listening = { hub, phonebook: { add: () => undefined }, close: async () => undefined };
  const shared = sharingListener({
    signal: new AbortController().signal,
    listen: async () => listening,
  } as unknown as Context);
  await shared.listen();
  const expectation = { kind: 'expect', event: 'hold', options: {} } as const;
  const answers = hub.feedFrom(async () => false);
  await shared.beforeSending?.(1);
  expect(() => shared.beginExpect(expectation)).toThrow('the listener gave no answer before the keys');
  answers();
  await shared.beforeSending?.(1);
  shared.beginExpect(expectation);
});
