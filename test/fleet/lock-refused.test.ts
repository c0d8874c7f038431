import { constants, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { withJournalFile } from '../../src/fleet/journal-open.ts';
import { openLocked } from '../../src/fleet/lock.ts';
import { lockPhones } from '../../src/fleet/phone-locks.ts';
import { newFolder } from '../support/folder.js';

let script = '';

// What flock says where a file system keeps no locks: there is none of that kind here.
vi.mock('node:child_process', async (load) => {
  const { spawn } = await load<typeof import('node:child_process')>();
  return {
    spawn: (_program: string, _words: readonly string[], options: object) =>
      spawn('/bin/sh', ['-c', script], options),
  };
});

let isInstalled = true;

vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof import('node:fs/promises')>();
  const access: typeof real.access = async (path, mode) => {
    if (!isInstalled) throw new Error(`${path} is not installed`);
    return real.access(path, mode);
  };
  return { ...real, access };
});

it.runIf(process.platform === 'linux')(
  'says what to install where there is no flock, and makes nothing',
  async () => {
    isInstalled = false;
    onTestFinished(() => {
      isInstalled = true;
    });
    const folder = newFolder('lock');
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const missing = {
      code: 'unwritable-file',
      message: expect.stringContaining('the program flock, which locks it, is not installed'),
      hint: 'install the package util-linux',
    };
    const phone = { host: '127.0.0.1:9' };
    await expect(lockPhones([phone], { folder, process: 1 })).rejects.toMatchObject(missing);
    const journal = withJournalFile(
      join(folder, 'j'),
      { fresh: true, person: undefined },
      async () => undefined,
    );
    await expect(journal).rejects.toMatchObject(missing);
    expect(readdirSync(folder)).toEqual([]);
  },
);

it.runIf(process.platform === 'linux').each([
  ['echo "flock: 3: No locks available" >&2; exit 1', 'it cannot be locked: flock: 3: No locks available'],
  ['exit 71', 'it cannot be locked: flock ended with 71'],
  ['kill -9 $$', 'it cannot be locked: flock ended with SIGKILL'],
])('does not take what cannot be locked for its own: %s', async (says, message) => {
  script = says;
  const folder = newFolder('lock');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const open = () => readdirSync('/proc/self/fd').length;
  const before = open();
  const file = join(folder, 'a');
  await expect(openLocked(file, constants.O_RDWR | constants.O_CREAT)).rejects.toThrow(message);
  expect(open()).toBe(before);
});

it.runIf(process.platform === 'linux').each([
  ['removed', 'rm "$FILE"'],
  ['replaced', 'rm "$FILE"; : > "$FILE"'],
])('takes the file that is there, if the one it opened was %s before it was locked', async (_, change) => {
  const folder = newFolder('lock');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'a');
  script = `FILE=${file}; if [ -e ${folder}/once ]; then exit 0; fi; : > ${folder}/once; ${change}`;
  const handle = await openLocked(file, constants.O_RDWR | constants.O_CREAT);
  expect((await handle?.stat())?.ino).toBe(statSync(file).ino);
  await handle?.close();
});

it.runIf(process.platform === 'linux')('takes nothing that is replaced again and again', async () => {
  const folder = newFolder('lock');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  script = `rm ${folder}/a`;
  const open = () => readdirSync('/proc/self/fd').length;
  const before = open();
  const locking = openLocked(join(folder, 'a'), constants.O_RDWR | constants.O_CREAT);
  await expect(locking).rejects.toThrow('it is replaced again and again');
  expect(open()).toBe(before);
});
