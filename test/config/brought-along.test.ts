import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { failure, type Sandbox, sandbox } from './sandbox.ts';

/** The home that the system's list of users has; undefined for a user who is only a number. */
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
  account.home = undefined;
});

const OWN = '.config/atcom/config.yaml';
const TEXT = 'default: mine';

/** The folders of an environment are in the sandbox. */
function load(box: Sandbox, places: Readonly<Record<string, string>>, file?: string) {
  const env = Object.fromEntries(Object.entries(places).map(([name, place]) => [name, box.path(place)]));
  return loadConfig({ cwd: box.path('project'), env, uid: process.geteuid?.(), file });
}

/** A link, with the folders that it is in. */
function link(box: Sandbox, name: string, to: string): void {
  mkdirSync(dirname(box.path(name)), { recursive: true });
  symlinkSync(box.path(to), box.path(name));
}

describe.runIf(process.platform === 'linux')("the user's file that a checkout may have brought along", () => {
  it.each([
    ['HOME is the checkout', '.git', '', { HOME: 'ws' }],
    ['HOME is the checkout of Mercurial', '.hg', '', { HOME: 'ws' }],
    ['HOME is the checkout of Subversion', '.svn', '', { HOME: 'ws' }],
    ['HOME is in the checkout', '.git', 'ci/home/', { HOME: 'ws/ci/home' }],
    ['XDG_CONFIG_HOME is in the checkout', '.git', '', { HOME: 'home', XDG_CONFIG_HOME: 'ws/.config' }],
  ])('is refused where %s', async (_, vcs, below, env) => {
    const box = sandbox({ [`ws/${vcs}/x`]: '', [`ws/${below}${OWN}`]: TEXT });
    account.home = box.path('home');
    const file = box.path(`ws/${below}${OWN}`);
    expect(await failure(load(box, env))).toMatchObject({
      code: 'untrusted-config',
      exitCode: 2,
      message: `${file} is not trusted: it is in the checkout ${box.path('ws')}, which may have brought it along`,
      details: { file },
      hint: expect.stringMatching(/full path with --config or ATCOM_CONFIG.* XDG_CONFIG_HOME/),
    });
  });

  it('is refused in a checkout whose .git is a link that leads nowhere', async () => {
    const box = sandbox({ [`ws/${OWN}`]: TEXT });
    link(box, 'ws/.git', 'nowhere');
    expect((await failure(load(box, { HOME: 'ws' }))).code).toBe('untrusted-config');
  });

  it('is refused for a user who is only a number', async () => {
    const box = sandbox({ 'ws/.git/x': '', [`ws/${OWN}`]: TEXT });
    expect((await failure(load(box, { HOME: 'ws' }))).code).toBe('untrusted-config');
  });

  it.each(['HOME', 'XDG_CONFIG_HOME'])('is refused where %s is a link into the checkout', async (name) => {
    const box = sandbox({ 'ws/.git/x': '', [`ws/home/${OWN}`]: TEXT });
    link(box, 'link', name === 'HOME' ? 'ws/home' : 'ws/home/.config');
    const error = await failure(load(box, { HOME: 'elsewhere', [name]: 'link' }));
    expect(error.message).toContain(`it is in the checkout ${box.path('ws')}`);
  });

  it('is refused where a relative ATCOM_CONFIG leads to it, but not where it is named', async () => {
    const box = sandbox({ 'ws/.git/x': '', [`ws/${OWN}`]: TEXT });
    const file = box.path(`ws/${OWN}`);
    const at = (ATCOM_CONFIG: string) =>
      loadConfig({
        cwd: box.path('ws'),
        env: { HOME: box.path('ws'), ATCOM_CONFIG },
        uid: process.geteuid?.(),
      });
    expect((await failure(at(OWN))).code).toBe('untrusted-config');
    expect((await at(file)).files).toEqual([{ path: file, kind: 'user' }]);
    expect((await load(box, { HOME: 'ws' }, file)).defaultTarget).toBe('mine');
  });

  it('is refused beside a file that is named', async () => {
    const box = sandbox({ 'ws/.git/x': '', [`ws/${OWN}`]: TEXT, 'lab.yaml': 'default: lab' });
    const error = await failure(load(box, { HOME: 'ws' }, box.path('lab.yaml')));
    expect(error.details).toMatchObject({ file: box.path(`ws/${OWN}`) });
  });

  it('keeps nobody from working in a checkout that has none', async () => {
    const box = sandbox({ 'ws/.git/x': '', 'lab.yaml': 'default: lab' });
    expect((await load(box, { HOME: 'ws' }, box.path('lab.yaml'))).defaultTarget).toBe('lab');
  });
});

describe.runIf(process.platform === 'linux')("the user's file counts", () => {
  it.each(['me', 'above/me'])(
    'where the home of the account, or a folder above, is a checkout: %s',
    async (home) => {
      const box = sandbox({
        [`${home.split('/')[0]}/.git/x`]: '',
        [`${home}/${OWN}`]: TEXT,
        [`${home}/xdg/atcom/config.yaml`]: TEXT,
      });
      account.home = box.path(home);
      expect((await load(box, { HOME: home })).defaultTarget).toBe('mine');
      expect((await load(box, { HOME: home, XDG_CONFIG_HOME: `${home}/xdg` })).defaultTarget).toBe('mine');
      link(box, 'link', home);
      account.home = box.path('link');
      expect((await load(box, { XDG_CONFIG_HOME: 'link/xdg' })).defaultTarget).toBe('mine');
    },
  );

  it.each(['.config', '.config/atcom'])('where the account keeps %s in a checkout', async (folder) => {
    const box = sandbox({ [`me/${folder}/.git/x`]: '', [`me/${OWN}`]: TEXT });
    account.home = box.path('me');
    for (const env of [{}, { HOME: 'me' }, { XDG_CONFIG_HOME: 'me/.config' }])
      expect((await load(box, env)).defaultTarget).toBe('mine');
  });

  it.each([
    ['the file', OWN],
    ['its folder', dirname(OWN)],
    ['all configs', dirname(dirname(OWN))],
  ])('where %s is a link into a checkout of their own', async (_, name) => {
    const box = sandbox({ 'dotfiles/.git/x': '', [join('dotfiles/stowed', OWN)]: TEXT });
    link(box, join('me', name), join('dotfiles/stowed', name));
    for (const home of ['me', 'other']) {
      account.home = box.path(home);
      expect((await load(box, { HOME: 'me' })).defaultTarget).toBe('mine');
    }
  });
});
