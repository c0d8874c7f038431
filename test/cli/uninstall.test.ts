import { chownSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lockPhones } from '../../src/fleet/phone-locks.ts';
import { IS_ROOT } from '../support/lock-holder.ts';
import { emptyFolder, run } from './run.ts';

function used(): string {
  const cwd = emptyFolder();
  for (const folder of ['.cache/atcom', '.local/state/atcom', '.user/atcom']) {
    mkdirSync(join(cwd, folder), { recursive: true });
    writeFileSync(join(cwd, folder, 'config.yaml'), '');
  }
  return cwd;
}

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

it.runIf(IS_ROOT)('removes nothing where another user leads root', async () => {
  const [cwd, precious] = [used(), emptyFolder()];
  mkdirSync(join(precious, 'atcom'));
  const theirs = join(cwd, 'theirs');
  mkdirSync(theirs);
  symlinkSync(precious, join(theirs, '.cache'));
  chownSync(theirs, 1234, 1234);
  const env = { HOME: theirs, XDG_STATE_HOME: join(cwd, '.local', 'state') };
  const { exitCode, stdout } = await run(['uninstall', '--yes'], { cwd, env });
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('removed')]);
  expect(existsSync(join(precious, 'atcom'))).toBe(true);
  expect(there(cwd)).toEqual(['.cache/atcom', '.user/atcom']);
});
