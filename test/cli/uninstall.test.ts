import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { lockPhones } from '../../src/fleet/phone-locks.ts';
import { openSameUser, startReceiver } from '../../src/receiver/index.ts';
import { IS_ROOT } from '../support/lock-holder.ts';
import { emptyFolder, run } from './run.ts';

function used(): string {
  const cwd = emptyFolder();
  for (const file of [...CACHE, ...STATE, '.user/atcom/config.yaml']) write(cwd, file);
  return cwd;
}

function write(cwd: string, file: string): void {
  mkdirSync(join(cwd, file, '..'), { recursive: true });
  writeFileSync(join(cwd, file), '');
}

/** Everything that the program makes, and what it leaves if it is killed meanwhile. */
const CACHE = [
  ...['cli-v20.20.2-x64', 'cli-test-test-v24.21.0-arm64', 'cli-v25.0.0-nightly20260101-x64.4711'],
  ...['names.json', 'names.json.4711'],
].map((name) => `.cache/atcom/${name}`);
const STATE = [
  ...[
    'trusted.json',
    'approvals.json',
    `trusted.json.${randomUUID()}`,
    'handler.log',
    'listener-8088-127.0.0.1-1',
    'listener-8088-__1-',
  ],
  ...['listener-secret', 'listener-secret.0123456789abcdef', 'phones/10.0.0.9_80-01234567.lock'],
].map((name) => `.local/state/atcom/${name}`);

const LEFT = ['.cache/atcom', '.local/state/atcom', '.user/atcom'];
const there = (cwd: string) => LEFT.filter((folder) => existsSync(join(cwd, folder)));

it('lists what is left, and removes nothing of it with --dry-run', async () => {
  const cwd = used();
  const { exitCode, stdout } = await run(['uninstall', '--dry-run'], { cwd });
  expect(exitCode).toBe(0);
  for (const folder of LEFT) expect(stdout).toContain(join(cwd, folder));
  expect(there(cwd)).toEqual(LEFT);
});

it('asks, removes what it made itself, and leaves the config', async () => {
  const cwd = used();
  const refused = await run(['uninstall'], { cwd });
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toMatch(/^error: this removes .*; nothing was removed \[not-confirmed\]/);
  expect(there(cwd)).toEqual(LEFT);
  expect(await run(['uninstall'], { cwd, typed: 'yes\n' })).toMatchObject({ exitCode: 0 });
  expect(there(cwd)).toEqual(['.user/atcom']);
});

it('keeps what it did not make, and says so', async () => {
  const cwd = used();
  const theirs = [
    ...['.cache/atcom/.git/HEAD', '.cache/atcom/work.ts', '.cache/atcom/cli-v20.20.2-x64.d/file'],
    ...['.cache/atcom/handler.log', '.local/state/atcom/names.json'],
    ...[
      '.local/state/atcom/my-journal',
      '.local/state/atcom/phones/notes.txt',
      '.local/state/atcom/phones/important.lock',
      '.cache/atcom/thesis-v1.2.3-draft',
      '.local/state/atcom/trusted.json.bak',
    ],
  ];
  for (const file of theirs) write(cwd, file);
  symlinkSync('work.ts', join(cwd, '.cache/atcom/names.json.1'));
  const { stdout } = await run(['uninstall', '--yes'], { cwd });
  for (const file of theirs) expect(existsSync(join(cwd, file)), file).toBe(true);
  for (const file of [...CACHE, ...STATE]) expect(existsSync(join(cwd, file)), file).toBe(false);
  for (const file of [
    '.cache/atcom/.git',
    '.cache/atcom/names.json.1',
    '.local/state/atcom/phones/notes.txt',
  ])
    expect(stdout).toMatch(new RegExp(`^yours +not made by atcom +${join(cwd, file)}$`, 'm'));
  const again = await run(['uninstall', '--yes'], { cwd });
  expect(again.stdout).not.toContain('compiled code');
});

it('keeps the config where all folders are one', async () => {
  const cwd = used();
  const env = { XDG_STATE_HOME: join(cwd, '.user'), XDG_CACHE_HOME: join(cwd, '.user') };
  write(cwd, '.user/atcom/trusted.json');
  const { stdout } = await run(['uninstall', '--yes'], { cwd, env });
  expect(existsSync(join(cwd, '.user/atcom/config.yaml'))).toBe(true);
  expect(existsSync(join(cwd, '.user/atcom/trusted.json'))).toBe(false);
  expect(stdout).toMatch(
    /^removed +what it remembers about phones .*\nyours +your config +.*\/\.user\/atcom\n$/,
  );
});

it('removes nothing while a listener runs, which others would not find any more', async () => {
  const cwd = used();
  const state = join(cwd, '.local/state/atcom');
  const secret = join(state, 'listener-secret');
  rmSync(secret);
  const sameUser = await openSameUser(state);
  const { port, close } = await startReceiver({ port: 0, secret: sameUser.secret });
  await sameUser.record(port, '127.0.0.1');
  const refused = await run(['uninstall', '--yes'], { cwd });
  expect(refused).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(`a listener runs at 127.0.0.1, port ${port}`),
  });
  expect(there(cwd)).toEqual(LEFT);
  // Nobody can be asked without it, so whoever has the port may be one.
  chmodSync(secret, 0o644);
  expect((await run(['uninstall', '--yes'], { cwd })).exitCode).toBe(2);
  chmodSync(secret, 0o600);
  await close();
  // Nor is what this computer does not have, of which only the record is left.
  await sameUser.record(port, '10.9.9.9');
  // What somebody else runs there is no reason to stay.
  const stranger = createServer((_, response) => response.end('hello')).listen(port, '127.0.0.1');
  await once(stranger, 'listening');
  onTestFinished(() => void stranger.close().closeAllConnections());
  expect((await run(['uninstall', '--yes'], { cwd })).exitCode).toBe(0);
  expect(there(cwd)).toEqual(['.user/atcom']);
});

it('removes nothing while a run has a phone, and all its locks afterwards', async () => {
  const cwd = used();
  const folder = join(cwd, '.local/state/atcom/phones');
  const lock = (host: string) => lockPhones([{ host }], { folder, process: 42 });
  await (await lock('10.0.0.1')).unlock();
  const { unlock } = await lock('10.0.0.2');
  const refused = await run(['uninstall', '--yes'], { cwd });
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toMatch(
    /another run of atcom is using a phone \(process 42 on .*\); nothing was removed except unused locks .*\n.*try again when it has ended$/m,
  );
  expect(there(cwd)).toEqual(LEFT);
  await expect(lock('10.0.0.2')).rejects.toMatchObject({ code: 'phone-in-use' });
  await unlock();
  expect(await run(['uninstall', '--yes'], { cwd })).toMatchObject({ exitCode: 0 });
  expect(there(cwd)).toEqual(['.user/atcom']);
});

it.runIf(IS_ROOT).each([
  ['root', 0],
  ['somebody', 4321],
])('removes nothing where another user leads %s', async (_, uid) => {
  const [cwd, precious] = [used(), emptyFolder()];
  mkdirSync(join(precious, 'atcom'));
  const theirs = join(cwd, 'theirs');
  mkdirSync(theirs);
  symlinkSync(precious, join(theirs, '.cache'));
  chownSync(theirs, 1234, 1234);
  const env = { HOME: theirs, XDG_STATE_HOME: join(cwd, '.local', 'state') };
  const { exitCode, stdout } = await run(['uninstall', '--yes'], { cwd, env, uid });
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('removed')]);
  expect(existsSync(join(precious, 'atcom'))).toBe(true);
  expect(there(cwd)).toEqual(['.cache/atcom', '.user/atcom']);
});
