import { chownSync, rmSync } from 'node:fs';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { stateFolder, stateIfAny } from '../../src/config/index.ts';
import { homeOf, homeOfAccount, ownFolder } from '../../src/files/home.ts';
import { newFolder } from '../support/folder.js';
import { IS_ROOT } from '../support/lock-holder.ts';

/** The home that the system's list of users has; undefined for a user who is not in it. */
const account = vi.hoisted(() => ({ home: undefined as string | undefined }));

vi.mock('node:os', async (importOriginal) => {
  const os = await importOriginal<typeof import('node:os')>();
  const userInfo = () => {
    if (account.home === undefined) throw new Error('uv_os_get_passwd returned ENOENT');
    return { ...os.userInfo(), homedir: account.home };
  };
  return { ...os, userInfo };
});

beforeEach(() => {
  account.home = '/account';
});

describe('the home of a user', () => {
  it.each([
    [{ HOME: '/h', USERPROFILE: '/u' }, '/h'],
    [{ USERPROFILE: '/u' }, '/u'],
    [{}, '/account'],
    // As good as none: it would be in the current folder.
    [{ HOME: '' }, '/account'],
    [{ HOME: 'h' }, '/account'],
    [{ HOME: './h', USERPROFILE: '/u' }, '/u'],
  ])('is with %j in %s', (env, home) => {
    expect(homeOf(env)).toBe(home);
  });

  it.each([undefined, '', 'relative'])('is nowhere if the account has %j, too', (home) => {
    account.home = home;
    expect(homeOfAccount()).toBeUndefined();
    expect(homeOf({ HOME: '' })).toBeUndefined();
    for (const kind of ['config', 'state', 'cache'] as const)
      for (const system of ['linux', 'darwin', 'win32'] as const)
        expect(ownFolder(kind, {}, system)).toBeUndefined();
  });
});

describe('a folder of the program', () => {
  it.each([
    ['config', 'linux', {}, '/h/.config/atcom'],
    ['config', 'linux', { XDG_CONFIG_HOME: '/x' }, '/x/atcom'],
    ['config', 'linux', { XDG_CONFIG_HOME: 'x' }, '/h/.config/atcom'],
    ['config', 'darwin', { XDG_CONFIG_HOME: '/x' }, '/h/Library/Preferences/atcom'],
    ['config', 'win32', {}, '/h/AppData/Roaming/atcom/Config'],
    ['config', 'win32', { APPDATA: '/r' }, '/r/atcom/Config'],
    ['state', 'linux', {}, '/h/.local/state/atcom'],
    ['cache', 'linux', {}, '/h/.cache/atcom'],
    ['cache', 'linux', { XDG_CACHE_HOME: '/x' }, '/x/atcom'],
    ['cache', 'linux', { XDG_CACHE_HOME: './x' }, '/h/.cache/atcom'],
    ['cache', 'darwin', { XDG_CACHE_HOME: '/x' }, '/h/Library/Caches/atcom'],
    ['cache', 'win32', {}, '/h/AppData/Local/atcom'],
    ['cache', 'win32', { LOCALAPPDATA: '/l' }, '/l/atcom'],
  ] as const)('%s on %s with %j is %s', (kind, system, env, folder) => {
    expect(ownFolder(kind, { HOME: '/h', ...env }, system)).toBe(folder);
  });

  it('that the environment names needs no home', () => {
    account.home = undefined;
    expect(ownFolder('config', { XDG_CONFIG_HOME: '/x' }, 'linux')).toBe('/x/atcom');
  });
});

describe('the state of a user without a home', () => {
  const nobody = { env: {}, uid: 4242 };

  it('is nowhere, not even where only root could have put it', () => {
    account.home = undefined;
    expect(stateIfAny(nobody, 'linux')).toBeUndefined();
    expect(() => stateFolder(nobody, 'linux')).toThrowError(
      expect.objectContaining({ code: 'usage', hint: expect.stringContaining('set HOME or XDG_STATE_HOME') }),
    );
  });

  it.runIf(IS_ROOT)('is not in the HOME of another, and the error says whose it is', () => {
    account.home = undefined;
    const folder = newFolder('home');
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    chownSync(folder, 1234, 1234);
    expect(() => stateIfAny({ ...nobody, env: { HOME: folder } }, 'linux')).toThrowError(
      expect.objectContaining({
        code: 'unwritable-file',
        message: expect.stringContaining(`${folder} belongs to another user (1234)`),
      }),
    );
  });
});
