import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { chmodSync, constants, linkSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openLocked } from '../../src/fleet/lock.ts';
import { newFolder } from '../support/folder.js';
import { AS_NOBODY, IN_CONTAINER, IS_ROOT, startHolder } from '../support/lock-holder.ts';

const WRITE = constants.O_RDWR | constants.O_CREAT;

let folder = '';
let file = '';

beforeEach(() => {
  folder = newFolder('lock');
  file = join(folder, 'a');
  writeFileSync(file, '');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

describe('a file', () => {
  it('belongs to one opening of it, also within one process, until that is closed', async () => {
    const first = await openLocked(file, WRITE);
    expect(await openLocked(file, WRITE)).toBeUndefined();
    await first?.close();
    const second = await openLocked(file, WRITE);
    expect(second).toBeDefined();
    await second?.close();
  });

  it.each([
    ['a symbolic link', symlinkSync],
    ['a hard link', linkSync],
  ])('belongs to it by %s as well', async (_, makeLink) => {
    makeLink(file, join(folder, 'b'));
    const first = await openLocked(file, WRITE);
    expect(await openLocked(join(folder, 'b'), WRITE)).toBeUndefined();
    await first?.close();
  });

  it('is made for nobody else to read', async () => {
    const made = await openLocked(join(folder, 'new'), WRITE);
    expect(((await made?.stat())?.mode ?? 0) & 0o777).toBe(0o600);
    await made?.close();
  });

  it('that cannot be opened fails as the file system says', async () => {
    await expect(openLocked(join(folder, 'none', 'x'), WRITE)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.runIf(IS_ROOT)('cannot be locked where there is no flock, and says what is missing', async () => {
    const without = 'mount --bind /dev/null "$(command -v flock)" && exec "$@"';
    const other = await startHolder(['unshare', '--mount', 'sh', '-c', without, 'sh']);
    expect(await other.take(file)).toContain('the program flock, which locks it, is not installed');
  });
});

describe.runIf(process.platform === 'linux')('Ctrl-C in a terminal', () => {
  it('ends no locking: that is for the process that waits for it', async () => {
    const script = `
      import { openLocked } from ${JSON.stringify(new URL('../../dist/fleet/lock.js', import.meta.url).href)};
      process.on('SIGINT', () => {});
      const again = setInterval(() => process.kill(0, 'SIGINT'), 1);
      for (let round = 0; round < 50; round += 1) await (await openLocked(process.argv[1], ${WRITE})).close();
      clearInterval(again);
      console.log('all');
    `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script, file], {
      // A group of its own, as of a terminal.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    await once(child, 'close');
    expect(output).toBe('all\n');
  });
});

describe('a file that another process has', () => {
  it('is left to it, and is free once it was killed', async () => {
    const other = await startHolder();
    expect(await other.take(file)).toBe('free');
    expect(await openLocked(file, WRITE)).toBeUndefined();
    await other.kill();
    const mine = await openLocked(file, WRITE);
    expect(mine).toBeDefined();
    await mine?.close();
  });

  it.runIf(process.platform === 'linux')(
    'is free once that is a zombie, whose number stays in use',
    async () => {
      // The shell becomes a program that never asks what became of its child.
      const start = 'exec 3<&0; "$@" <&3 & exec sleep 600 >&-';
      const other = await startHolder(['sh', '-c', start, 'sh']);
      expect(await other.take(file)).toBe('free');
      const gone = once(other.child.stdout ?? new EventEmitter(), 'end');
      process.kill(other.pid, 'SIGKILL');
      await gone;
      while (!readFileSync(`/proc/${other.pid}/stat`, 'utf8').includes(') Z '))
        await new Promise(setImmediate);
      const mine = await openLocked(file, WRITE);
      expect(mine).toBeDefined();
      await mine?.close();
    },
  );

  it.runIf(IS_ROOT)('is left to it by another user, who may not even signal it', async () => {
    chmodSync(folder, 0o755);
    chmodSync(file, 0o666);
    const mine = await openLocked(file, WRITE);
    const nobody = await startHolder(AS_NOBODY);
    expect(await nobody.take(file)).toBe('held');
    await mine?.close();
    expect(await nobody.take(file)).toBe('free');
  });

  it.runIf(IS_ROOT)('is left to it by another container, and the other way round', async () => {
    const [one, other] = await Promise.all([startHolder(IN_CONTAINER), startHolder(IN_CONTAINER)]);
    expect(await one.take(file)).toBe('free');
    expect(await other.take(file)).toBe('held');
    expect(await openLocked(file, WRITE)).toBeUndefined();
    await one.kill();
    expect(await other.take(file)).toBe('free');
  });
});
