import { chmodSync, chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
  chownSync(home, owner, owner);
  return { home, person: { cwd: emptyFolder(), env: { HOME: home }, uid: USER, pid: 1 } };
}

describe.runIf(IS_ROOT)('the memory of completion, for another user than root', () => {
  it('is not read from a folder that others can write', () => {
    const { home, person } = homeOf(USER);
    const folder = join(home, '.cache/atcom');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, 'names.json');
    writeFileSync(file, JSON.stringify({ version: VERSION, stamp: 's', value: 1 }), { mode: 0o600 });
    for (const path of [join(home, '.cache'), folder, file]) chownSync(path, USER, USER);
    expect(recall(person, 's', (value) => value)).toBe(1);
    chmodSync(folder, 0o777);
    expect(recall(person, 's', (value) => value)).toBeUndefined();
  });

  it('is not made in the home of another', () => {
    const { home, person } = homeOf(OTHER);
    keep(person, 's', 1);
    expect(existsSync(join(home, '.cache'))).toBe(false);
  });
});
