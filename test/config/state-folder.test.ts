import { chmodSync, chownSync, lchownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stateFolder } from '../../src/config/index.ts';
import { run } from '../cli/run.ts';
import { IS_ROOT } from '../support/lock-holder.ts';

const OTHER = 1234;
const OWN = join(userInfo().homedir, '.local', 'state', 'atcom');

function home(): string {
  const folder = mkdtempSync(join(tmpdir(), 'atcom-home-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const stateIn = (env: Readonly<Record<string, string>>, uid = 0) => stateFolder({ env, uid }, 'linux');

describe.runIf(IS_ROOT)('the state of root', () => {
  it('is in HOME if nobody else can write there, also through a link of root', () => {
    const folder = home();
    symlinkSync(folder, join(folder, 'link'));
    for (const HOME of [folder, join(folder, 'link'), join(folder, 'not', 'there', 'yet')])
      expect(stateIn({ HOME })).toBe(join(HOME, '.local', 'state', 'atcom'));
  });

  it.each<[string, (folder: string) => void]>([
    ['belongs to another', (folder) => chownSync(folder, OTHER, OTHER)],
    ['others can write', (folder) => chmodSync(folder, 0o777)],
    [
      'a group can write',
      (folder) => {
        chownSync(folder, 0, OTHER);
        chmodSync(folder, 0o775);
      },
    ],
    [
      'holds a folder of another',
      (folder) => {
        mkdirSync(join(folder, '.local'));
        chownSync(join(folder, '.local'), OTHER, OTHER);
      },
    ],
    [
      'holds a link of another, although it leads to a folder of root',
      (folder) => {
        chmodSync(folder, 0o1777);
        symlinkSync('/etc', join(folder, '.local'));
        lchownSync(join(folder, '.local'), OTHER, OTHER);
      },
    ],
    [
      'links to a folder of another',
      (folder) => {
        mkdirSync(join(folder, 'theirs'));
        chownSync(join(folder, 'theirs'), OTHER, OTHER);
        symlinkSync('theirs', join(folder, '.local'));
      },
    ],
  ])('is in the home of the account, where HOME %s', (_, give) => {
    const folder = home();
    give(folder);
    expect(stateIn({ HOME: folder })).toBe(OWN);
    expect(stateIn({ HOME: folder, SUDO_UID: String(OTHER) })).toBe(OWN);
    expect(stateIn({ HOME: folder }, OTHER)).toBe(join(folder, '.local', 'state', 'atcom'));
  });

  it('is not exchanged for another folder where it was chosen', () => {
    const folder = home();
    chownSync(folder, OTHER, OTHER);
    expect(() => stateIn({ HOME: '/root', XDG_STATE_HOME: folder })).toThrowError(
      expect.objectContaining({
        code: 'unwritable-file',
        message: `${join(folder, 'atcom')} cannot be written: ${folder} belongs to another user (${OTHER}), and could mislead root`,
      }),
    );
  });

  it('is not needed to hear phones', async () => {
    const XDG_STATE_HOME = home();
    chownSync(XDG_STATE_HOME, OTHER, OTHER);
    const { exitCode, stderr } = await run(['listen', '--port', '0', '--for', '1ms'], {
      env: { XDG_STATE_HOME },
    });
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('Listening on')]);
  });

  it('may be chosen in a sticky folder, until another was there first', () => {
    const folder = home();
    chmodSync(folder, 0o1777);
    expect(stateIn({ XDG_STATE_HOME: folder })).toBe(join(folder, 'atcom'));
    mkdirSync(join(folder, 'atcom'));
    chownSync(join(folder, 'atcom'), OTHER, OTHER);
    expect(() => stateIn({ XDG_STATE_HOME: folder })).toThrowError(/belongs to another user/);
  });
});
