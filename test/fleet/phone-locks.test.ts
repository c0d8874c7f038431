import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { lockPhones } from '../../src/fleet/phone-locks.ts';
import { newFolder } from '../support/folder.js';

let folder = '';

beforeEach(() => {
  folder = newFolder('locks');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

const phones = (...hosts: string[]) => hosts.map((host) => ({ host }));

it('phones belong to one run, also to one of the same process, until they are given back', async () => {
  const { unlock } = await lockPhones(phones('10.0.0.1', '10.0.0.2'), { folder, process: 42 });
  const refused = lockPhones([{ name: 'lobby', host: '10.0.0.2' }], { folder, process: 43 });
  await expect(refused).rejects.toMatchObject({
    code: 'phone-in-use',
    message: `another run of atcom is using lobby (process 42 on ${hostname()}); nothing was sent`,
  });
  await unlock();
  await (await lockPhones(phones('10.0.0.2'), { folder, process: 43 })).unlock();
});

it.each([
  ['::1', '[0:0::0001]:80'],
  ['Lobby.Example.org', 'http://lobby.example.org./'],
  ['172.16.0.57', 'https://[::ffff:172.16.0.57]'],
])('%s is the phone that %s is', async (one, other) => {
  const { unlock } = await lockPhones(phones(one), { folder, process: 42 });
  await expect(lockPhones(phones(other), { folder, process: 43 })).rejects.toMatchObject({
    code: 'phone-in-use',
  });
  await unlock();
});

it('all or none: what was taken before a phone that another run has is given back', async () => {
  const { unlock } = await lockPhones(phones('10.0.0.9'), { folder, process: process.pid });
  const both = lockPhones(phones('10.0.0.1', '10.0.0.9'), { folder, process: process.pid });
  await expect(both).rejects.toMatchObject({ code: 'phone-in-use' });
  await (await lockPhones(phones('10.0.0.1'), { folder, process: process.pid })).unlock();
  await unlock();
});

it('are taken in one order, whichever they are named in', async () => {
  // The first in the order is taken already: nothing after it may have been taken meanwhile.
  const { unlock } = await lockPhones(phones('10.0.0.1'), { folder, process: process.pid });
  const stop = new AbortController();
  let waits = () => {};
  const begun = new Promise<void>((resolve) => {
    waits = resolve;
  });
  const waiting = lockPhones(phones('10.0.0.2', '10.0.0.1'), {
    folder,
    process: process.pid,
    wait: 3_600_000,
    signal: stop.signal,
    onWait: () => waits(),
  });
  await begun;
  const { unlock: other } = await lockPhones(phones('10.0.0.2'), { folder, process: process.pid });
  stop.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
  await other();
  await unlock();
});

it('what a run left behind that has ended keeps nobody out, whatever it says', async () => {
  await (await lockPhones(phones('10.0.0.1'), { folder, process: 42 })).unlock();
  const [name = ''] = readdirSync(folder);
  for (const left of [`process ${process.ppid} on ${hostname()}`, 'no process at all', '']) {
    writeFileSync(join(folder, name), `${left}\n`);
    await (await lockPhones(phones('10.0.0.1'), { folder, process: process.pid })).unlock();
  }
  expect(readdirSync(folder)).toEqual([name]);
});

it('no link is followed to the file of a lock', async () => {
  await (await lockPhones(phones('10.0.0.1'), { folder, process: 42 })).unlock();
  const [name = ''] = readdirSync(folder);
  const other = join(folder, 'other');
  writeFileSync(other, 'of somebody else');
  rmSync(join(folder, name));
  symlinkSync(other, join(folder, name));
  await expect(lockPhones(phones('10.0.0.1'), { folder, process: 42 })).rejects.toMatchObject({
    code: 'unwritable-file',
  });
  expect(readFileSync(other, 'utf8')).toBe('of somebody else');
});

it('what a crash left of the words of a lock is not shown', async () => {
  const { unlock } = await lockPhones(phones('10.0.0.1'), { folder, process: 42 });
  const [name = ''] = readdirSync(folder);
  writeFileSync(join(folder, name), '\u001b[2J');
  const refused = lockPhones(phones('10.0.0.1'), { folder, process: 43 });
  await expect(refused).rejects.toThrow('using 10.0.0.1 (another process); nothing was sent');
  await unlock();
});

it('a folder that cannot be made is an error that names the file', async () => {
  writeFileSync(join(folder, 'file'), '');
  const locked = lockPhones(phones('10.0.0.1'), {
    folder: join(folder, 'file', 'phones'),
    process: process.pid,
  });
  await expect(locked).rejects.toMatchObject({ code: 'unwritable-file' });
});

it('a lock that cannot be looked at is still held, until another run has it', async () => {
  const { check, unlock } = await lockPhones(phones('10.0.0.1'), { folder, process: 42 });
  onTestFinished(unlock);
  rmSync(folder, { recursive: true });
  writeFileSync(folder, '');
  await check();
  rmSync(folder);
  const other = await lockPhones(phones('10.0.0.1'), { folder, process: 43 });
  onTestFinished(other.unlock);
  await expect(check()).rejects.toMatchObject({ code: 'phone-in-use' });
});

describe('a lock that somebody removed during the run', () => {
  const removed = async () => {
    const locks = await lockPhones(phones('10.0.0.1', '10.0.0.2'), { folder, process: 42 });
    await locks.check();
    rmSync(folder, { recursive: true });
    return locks;
  };

  it('is taken again before a key is pressed', async () => {
    const { check, unlock } = await removed();
    await Promise.all([check(), check()]);
    await expect(lockPhones(phones('10.0.0.2'), { folder, process: 43 })).rejects.toThrow('process 42 on');
    await check();
    await unlock();
    await (await lockPhones(phones('10.0.0.2'), { folder, process: 43 })).unlock();
  });

  it('ends the run if another was faster, also when that has ended', async () => {
    const { check, unlock } = await removed();
    const other = await lockPhones([{ host: '10.0.0.2' }], { folder, process: 43 });
    const lost = `another run of atcom is using 10.0.0.2 (process 43 on ${hostname()}); nothing was sent any more`;
    await expect(check()).rejects.toThrow(lost);
    await other.unlock();
    await expect(check()).rejects.toThrow(lost);
    await unlock();
  });
});
