import { chmodSync, chownSync, lchownSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stateFolder } from '../../src/config/index.ts';
import { run } from '../cli/run.ts';
import { newFolder } from '../support/folder.js';
import { IS_ROOT } from '../support/lock-holder.ts';

const OTHER = 1234;
const OWN = join(userInfo().homedir, '.local', 'state', 'atcom');

function home(): string {
  const folder = newFolder('home');
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
    [
      'links through a folder of another back to a folder of root',
      (folder) => {
        mkdirSync(join(folder, 'theirs'));
        mkdirSync(join(folder, 'own'));
        symlinkSync('../own', join(folder, 'theirs', 'link'));
        symlinkSync('theirs/link', join(folder, '.local'));
        chownSync(join(folder, 'theirs'), OTHER, OTHER);
      },
    ],
  ])('is in the home of the account, where HOME %s', (_, give) => {
    const folder = home();
    give(folder);
    expect(stateIn({ HOME: folder })).toBe(OWN);
    expect(stateIn({ HOME: folder, SUDO_UID: String(OTHER) })).toBe(OWN);
  });

  it('is not exchanged for another folder where it was chosen', () => {
    const folder = home();
    chownSync(folder, OTHER, OTHER);
    expect(() => stateIn({ HOME: '/root', XDG_STATE_HOME: folder })).toThrowError(
      expect.objectContaining({
        code: 'unwritable-file',
        message: `${join(folder, 'atcom')} cannot be written: ${folder} belongs to another user (${OTHER}), and could mislead atcom`,
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

  it('is looked at before a scenario listens: the listener would keep the run from ending', async () => {
    const XDG_STATE_HOME = home();
    chownSync(XDG_STATE_HOME, OTHER, OTHER);
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as AddressInfo;
    const scenario = join(XDG_STATE_HOME, 's.test.yaml');
    writeFileSync(scenario, 'name: s\nphones: { a: { phone: 127.0.0.1 } }\nsteps: [{ a: hold }]\n');
    const { exitCode, stderr } = await run(['test', scenario, '--port', String(port)], {
      env: { XDG_STATE_HOME },
    });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('[unwritable-file]')]);
  });

  it('is not in a folder to which everybody can add, sticky or not', () => {
    const folder = home();
    mkdirSync(join(folder, 'atcom'));
    chmodSync(join(folder, 'atcom'), 0o1777);
    expect(() => stateIn({ XDG_STATE_HOME: folder })).toThrowError(/others can write/);
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

describe.runIf(IS_ROOT)('the state of another user', () => {
  const ME = 4242;
  const stateOf = (env: Readonly<Record<string, string>>) => () => stateFolder({ env, uid: ME }, 'linux');

  it('is in HOME if that belongs to the user, or to root', () => {
    const folder = home();
    chmodSync(folder, 0o755);
    expect(stateOf({ HOME: folder })()).toBe(join(folder, '.local', 'state', 'atcom'));
    chownSync(folder, ME, ME);
    // A group of one's own.
    chmodSync(folder, 0o770);
    expect(stateOf({ HOME: folder })()).toBe(join(folder, '.local', 'state', 'atcom'));
  });

  it.each<[string, (folder: string) => void, RegExp]>([
    ['belongs to another', (folder) => chownSync(folder, OTHER, OTHER), /belongs to another user \(1234\)/],
    ['others can write', (folder) => chmodSync(folder, 0o777), /others can write/],
    [
      'another was in first',
      (folder) => {
        chmodSync(folder, 0o1777);
        mkdirSync(join(folder, 'atcom'));
        chownSync(join(folder, 'atcom'), OTHER, OTHER);
      },
      /atcom belongs to another user \(1234\)/,
    ],
  ])('is not in a folder that was chosen, and that %s', (_, give, reason) => {
    const folder = home();
    give(folder);
    expect(stateOf({ XDG_STATE_HOME: folder })).toThrowError(
      expect.objectContaining({ code: 'unwritable-file', message: expect.stringMatching(reason) }),
    );
  });
});
