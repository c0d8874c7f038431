import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { lockPhones } from '../../src/fleet/phone-locks.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atcom-locks-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

const phones = (...hosts: string[]) => hosts.map((host) => ({ host }));
const locks = () => readdirSync(folder);

it('phones belong to one run, also to one of the same process, until they are given back', async () => {
  const unlock = await lockPhones(phones('10.0.0.1', '10.0.0.2'), { folder });
  expect(locks()).toHaveLength(2);
  await expect(lockPhones(phones('10.0.0.2'), { folder })).rejects.toMatchObject({ code: 'phone-in-use' });
  await unlock();
  expect(locks()).toEqual([]);
});

it('all or none: what was taken before a phone that another run has is given back', async () => {
  const unlock = await lockPhones(phones('10.0.0.9'), { folder });
  const both = lockPhones(phones('10.0.0.1', '10.0.0.9'), { folder });
  await expect(both).rejects.toMatchObject({ code: 'phone-in-use' });
  expect(locks()).toHaveLength(1);
  await unlock();
});

it('are taken in one order, whichever they are named in', async () => {
  // The first in the order is taken already: nothing after it may have been taken meanwhile.
  const unlock = await lockPhones(phones('10.0.0.1'), { folder });
  const stop = new AbortController();
  const waiting = lockPhones(phones('10.0.0.2', '10.0.0.1'), {
    folder,
    wait: 3_600_000,
    signal: stop.signal,
  });
  const other = await lockPhones(phones('10.0.0.2'), { folder });
  stop.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
  await other();
  await unlock();
  expect(locks()).toEqual([]);
});

it('what a process left that has ended, or was this one before a restart, is taken over', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '0']);
  for (const left of [`${pid} 1`, `${process.pid} 1`, 'no process at all', '']) {
    const unlock = await lockPhones(phones('10.0.0.1'), { folder });
    const [name = ''] = locks();
    await unlock();
    writeFileSync(join(folder, name), `${left}\n`);
    await (await lockPhones(phones('10.0.0.1'), { folder }))();
  }
  expect(locks()).toEqual([]);
});

it('what a process has that still runs is left to it', async () => {
  const unlock = await lockPhones(phones('10.0.0.1'), { folder });
  const [name = ''] = locks();
  await unlock();
  writeFileSync(join(folder, name), `${process.ppid} 1\n`);
  const locked = lockPhones([{ name: 'lobby', host: '10.0.0.1' }], { folder });
  await expect(locked).rejects.toThrow(`another run of atcom is using lobby (process ${process.ppid})`);
});

it('a folder that cannot be made is an error that names the file', async () => {
  writeFileSync(join(folder, 'file'), '');
  const locked = lockPhones(phones('10.0.0.1'), { folder: join(folder, 'file', 'phones') });
  await expect(locked).rejects.toMatchObject({ code: 'unwritable-file' });
});
