import { chmodSync, chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keep, recall } from '../../src/cli/completion/memory.ts';
import { VERSION } from '../../src/cli/version.ts';
import { IS_ROOT } from '../support/lock-holder.ts';
import { emptyFolder } from './run.ts';

const [USER, OTHER] = [4242, 4711];

/** A home of somebody, as another user than root sees it. */
function homeOf(owner: number) {
  const home = join(emptyFolder(), 'home');
  mkdirSync(home);
  chmodSync(dirname(home), 0o755);
  chownSync(home, owner, owner);
  return { home, person: { cwd: emptyFolder(), env: { HOME: home }, uid: USER, pid: 1 } };
}

/** A home in which something is kept. */
function memory() {
  const { home, person } = homeOf(USER);
  const folder = join(home, '.cache/atcom');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'names.json');
  writeFileSync(file, JSON.stringify({ version: VERSION, stamp: 's', value: 1 }), { mode: 0o600 });
  for (const path of [join(home, '.cache'), folder, file]) chownSync(path, USER, USER);
  return { home, person, folder, recalled: () => recall(person, 's', (value) => value) };
}

describe.runIf(IS_ROOT)('the memory of completion, for another user than root', () => {
  it('is not read from a folder that others can write', () => {
    const { folder, recalled } = memory();
    expect(recalled()).toBe(1);
    chmodSync(folder, 0o777);
    expect(recalled()).toBeUndefined();
  });

  it('is neither read nor made below a folder that others can replace', () => {
    const { home, person, recalled } = memory();
    chmodSync(dirname(home), 0o777);
    expect(recalled()).toBeUndefined();
    rmSync(join(home, '.cache'), { recursive: true });
    keep(person, 's', 1);
    expect(existsSync(join(home, '.cache'))).toBe(false);
  });

  it.each(['.git', '.hg', '.svn'])('is neither read nor made in a checkout: %s', (name) => {
    const { home, person, recalled } = memory();
    mkdirSync(join(home, name));
    expect(recalled()).toBeUndefined();
    rmSync(join(home, '.cache'), { recursive: true });
    keep(person, 's', 1);
    expect(existsSync(join(home, '.cache'))).toBe(false);
  });

  it('is not made in the home of another', () => {
    const { home, person } = homeOf(OTHER);
    keep(person, 's', 1);
    expect(existsSync(join(home, '.cache'))).toBe(false);
  });
});
