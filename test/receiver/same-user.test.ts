import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSameUser } from '../../src/receiver/index.ts';
import { newFolder } from '../support/folder.js';
import { closedPort } from '../support/raw-server.ts';
import { SECRET } from '../support/same-user.ts';
import { failure, listening, running } from './shared.ts';

describe('the secret', () => {
  /** A folder with nothing in it. */
  function folder(): string {
    const path = newFolder('test');
    onTestFinished(() => rmSync(path, { recursive: true, force: true }));
    return path;
  }
  const file = (path: string) => join(path, 'listener-secret');

  it('is made once, by whoever needs it first, and is of nobody else', async () => {
    const path = folder();
    const all = await Promise.all(Array.from({ length: 20 }, () => openSameUser(path)));
    expect(new Set(all.map(({ secret }) => secret)).size).toBe(1);
    expect(all[0]?.secret).toMatch(/^[0-9a-f]{64}$/);
    expect(statSync(file(path)).mode & 0o777).toBe(0o600);
    expect((await openSameUser(path)).secret).toBe(all[0]?.secret);
  });

  it('records nothing in a pipe, and waits for no reader of it', async () => {
    const path = folder();
    const shared = await openSameUser(path);
    await shared.record(8088, '127.55.0.1');
    const [name = ''] = readdirSync(path).filter((one) => one.startsWith('listener-8088'));
    rmSync(join(path, name));
    execFileSync('mkfifo', [join(path, name)]);
    await expect(shared.record(8088, '127.55.0.1')).rejects.toThrow('ENXIO');
  });

  it('tells where each listener is, until that takes it back', async () => {
    const shared = await openSameUser(folder());
    expect(await shared.recall(8088)).toEqual([]);
    for (const address of ['127.55.0.1', '::1']) await shared.record(8088, address);
    await shared.record(8089, '127.0.0.9');
    expect(await shared.recall(8088)).toEqual(['127.55.0.1', '::1']);
    await shared.forget(8088, '127.0.0.1');
    await shared.forget(8088, '::1');
    expect(await shared.recall(8088)).toEqual(['127.55.0.1']);
    await shared.forget(8088, '127.55.0.1');
    expect(await shared.recall(8088)).toEqual([]);
  });

  it('tells of no listener in the network of a container that shares the folder, nor takes its record', async () => {
    const path = folder();
    const theirs = join(path, 'listener-8088-127.55.0.1-1');
    writeFileSync(theirs, '');
    const shared = await openSameUser(path);
    expect(await shared.recall(8088)).toEqual([]);
    await shared.record(8088, '127.55.0.1');
    await shared.forget(8088, '127.55.0.1');
    expect(existsSync(theirs)).toBe(true);
  });

  it.each<[what: string, plant: (path: string) => unknown, why: RegExp]>([
    [
      'that others can read',
      (path) => writeFileSync(file(path), SECRET, { mode: 0o644 }),
      /others can use .*chmod/,
    ],
    ['in a folder that others can write', (path) => chmodSync(path, 0o777), /others can use/],
    ['that is a link', (path) => symlinkSync('/etc/hostname', file(path)), /ELOOP|EEXIST/],
    ['that is a pipe', (path) => execFileSync('mkfifo', [file(path)]), /no plain file: remove it/],
    ['that is empty', (path) => writeFileSync(file(path), '', { mode: 0o600 }), /holds no secret: remove it/],
    [
      'that is something else',
      (path) => writeFileSync(file(path), 'hello', { mode: 0o600 }),
      /holds no secret/,
    ],
  ])('%s is not believed', async (_, plant, why) => {
    const path = folder();
    await plant(path);
    await expect(openSameUser(path)).rejects.toThrow(why);
  });

  it.runIf(process.getuid?.() === 0)('of another user is not believed, not even by root', async () => {
    const { chownSync } = await import('node:fs');
    const path = folder();
    writeFileSync(file(path), SECRET, { mode: 0o600 });
    chownSync(file(path), 65534, 65534);
    await expect(openSameUser(path)).rejects.toThrow(/belongs to another user/);
    const other = folder();
    chownSync(other, 65534, 65534);
    await expect(openSameUser(other)).rejects.toThrow(/belongs to another user/);
  });

  it('leaves nothing behind when it cannot be used', async () => {
    const path = folder();
    writeFileSync(file(path), 'hello', { mode: 0o600 });
    await openSameUser(path).catch(() => undefined);
    expect(readdirSync(path)).toEqual(['listener-secret']);
    expect(readFileSync(file(path), 'utf8')).toBe('hello');
  });

  it('that cannot be used lets nobody listen beside a listener that runs', async () => {
    const path = folder();
    const sameUser = await openSameUser(path);
    const { port } = await listening({ port: 0, sameUser, host: '127.55.0.1' });
    chmodSync(file(path), 0o644);
    const unshared = await openSameUser(path).catch((error: Error) => error);
    expect(await failure({ port, sameUser: unshared })).toMatch(
      new RegExp(`cannot listen on 127.55.0.1:${port}: it is in use, and others can use .*: chmod go-rwx it`),
    );
    // Of one that was killed, nothing but its record is left.
    const free = await closedPort();
    await sameUser.record(free, '127.55.0.1');
    expect((await listening({ port: free, sameUser: unshared })).receiver).toBeDefined();
  });

  it('that cannot be used is the reason why a port is not shared', async () => {
    const { port } = await running();
    expect(await failure({ port, sameUser: new Error('others can use /state') })).toContain(
      'others can use /state',
    );
  });
});
