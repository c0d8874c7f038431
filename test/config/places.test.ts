import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ConfigContext, findConfig as find, loadConfig } from '../../src/config/index.ts';
import { failure, sandbox } from './sandbox.ts';

const uid = process.geteuid?.();
const findConfig = (context: Omit<ConfigContext, 'uid'>) => find({ uid, ...context });

const PLACES = [
  '.atcomrc',
  '.atcomrc.yaml',
  '.atcomrc.yml',
  '.atcomrc.json',
  '.config/atcomrc',
  '.config/atcomrc.yaml',
  '.config/atcomrc.yml',
  '.config/atcomrc.json',
  'atcom.config.yaml',
  'atcom.config.yml',
  'atcom.config.json',
];

describe('the project file', () => {
  it.each(PLACES)('may be %s', async (place) => {
    const box = sandbox({ [`project/${place}`]: '{ "default": "lobby" }' });
    const config = await box.load();
    expect(config.defaultTarget).toBe('lobby');
    expect(config.files).toEqual([{ path: join(box.project, place), kind: 'project' }]);
  });

  it('may be a key of package.json', async () => {
    const box = sandbox({ 'project/package.json': '{ "atcom": { "default": "lobby" } }' });
    expect(await box.load()).toMatchObject({
      defaultTarget: 'lobby',
      files: [{ path: join(box.project, 'package.json'), kind: 'project' }],
    });
  });

  it('is found from a folder below', async () => {
    const box = sandbox({ 'project/.atcomrc': 'default: above', 'project/a/b/.atcomrc.toml': 'x = 1' });
    expect((await box.load({ cwd: box.path('project/a/b') })).defaultTarget).toBe('above');
  });

  it('is the nearest one', async () => {
    const box = sandbox({
      'project/.atcomrc': 'default: far',
      'project/a/package.json': '{"atcom":{"default":"near"}}',
    });
    expect((await box.load({ cwd: box.path('project/a') })).defaultTarget).toBe('near');
  });

  it.each(['', '  \n', '# nothing yet\n', 'null', '~', '---\n', '{}', '\uFEFF'])(
    'decides when it says nothing, and there are no phones then: %j',
    async (text) => {
      const box = sandbox({
        'project/.atcomrc': 'default: far\nphones: { far: 10.0.0.1 }',
        'project/a/atcom.config.yaml': text,
      });
      const config = await box.load({ cwd: box.path('project/a') });
      expect(config).toMatchObject({ files: [{ path: box.path('project/a/atcom.config.yaml') }] });
      expect(config.phones.size).toBe(0);
      expect(config.defaultTarget).toBeUndefined();
    },
  );

  it('decides as the key of a package.json that says nothing', async () => {
    const box = sandbox({
      'project/.atcomrc': 'default: far',
      'project/a/package.json': '{ "atcom": null }',
    });
    expect((await box.load({ cwd: box.path('project/a') })).defaultTarget).toBeUndefined();
  });

  it('decides before another name in its folder', async () => {
    const box = sandbox({ 'project/.atcomrc': '', 'project/atcom.config.yaml': 'default: lobby' });
    expect((await box.load()).defaultTarget).toBeUndefined();
    expect(findConfig(box.context()).ignored).toEqual([box.path('project/atcom.config.yaml')]);
  });

  it('is not looked for above the home folder', async () => {
    const box = sandbox({ '.atcomrc': 'default: home', 'project/.keep': '' });
    expect((await box.load()).defaultTarget).toBe('home');
    expect((await box.load({ env: { HOME: box.project } })).defaultTarget).toBeUndefined();
  });

  it('is an error when it is far too large', async () => {
    const box = sandbox({ 'project/.atcomrc': `#${'-'.repeat(4 * 1024 * 1024)}` });
    expect(await failure(box.load())).toMatchObject({
      code: 'unreadable-file',
      details: { file: box.path('project/.atcomrc'), reason: 'it is larger than 4 MiB' },
    });
  });

  // Nothing is closed to root, as in most containers.
  it.skipIf(process.getuid?.() === 0)('is told of when it may not be read', async () => {
    const box = sandbox({ 'project/.atcomrc': 'default: lobby' });
    chmodSync(box.path('project/.atcomrc'), 0);
    expect(await failure(box.load())).toMatchObject({
      code: 'unreadable-file',
      details: { reason: 'permission denied' },
    });
  });

  it.each(PLACES)('is an error when it is a folder: %s', async (place) => {
    const box = sandbox({ 'project/.atcomrc': 'default: far' });
    mkdirSync(box.path(`project/a/${place}`), { recursive: true });
    expect(await failure(box.load({ cwd: box.path('project/a') }))).toMatchObject({
      code: 'unreadable-file',
      exitCode: 2,
      details: {
        file: box.path(`project/a/${place}`),
        reason: 'it is a folder',
      },
    });
  });

  it.each([
    ['gone.yaml', 'it is a link that leads nowhere'],
    ['gone/atcom.yaml', 'it is a link that leads nowhere'],
    ['.atcomrc', 'its links lead in a circle'],
    ['/dev/zero', 'it is no plain file'],
  ])('is told of when it is a link to %s', async (target, reason) => {
    const box = sandbox({ '.atcomrc': 'default: far' });
    symlinkSync(target, box.path('project/.atcomrc'));
    expect(await failure(box.load())).toMatchObject({ code: 'unreadable-file', details: { reason } });
  });

  it('may be a link to a file', async () => {
    const box = sandbox({ 'shared/phones.yaml': 'default: lobby' });
    symlinkSync('../shared/phones.yaml', box.path('project/atcom.config.yaml'));
    expect((await box.load()).defaultTarget).toBe('lobby');
  });

  it('is an error when it is a socket', async () => {
    const box = sandbox({ 'project/atcom.config.yaml': 'default: lobby' });
    const server = createServer().listen(box.path('project/.atcomrc'));
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    expect(await failure(box.load())).toMatchObject({
      details: { reason: 'it is a socket, or a device that is not there' },
    });
  });

  it('is never an unrelated package.json, whatever it is', async () => {
    const box = sandbox({ 'project/.atcomrc': 'default: far' });
    mkdirSync(box.path('project/a/package.json'), { recursive: true });
    expect((await box.load({ cwd: box.path('project/a') })).defaultTarget).toBe('far');
  });
});

describe('ATCOM_CONFIG', () => {
  it.each(['phones.txt', 'phones.yaml', 'phones', 'my/package.json'])(
    'names a file instead of the search: %s',
    async (name) => {
      const text = name.endsWith('.json') ? '{ "atcom": { "default": "named" } }' : 'default: named';
      const box = sandbox({ 'project/.atcomrc': 'default: searched', [`project/${name}`]: text });
      const config = await box.load({ env: { ATCOM_CONFIG: name } });
      expect(config).toMatchObject({
        defaultTarget: 'named',
        files: [{ path: box.path(`project/${name}`) }],
      });
    },
  );

  it('counts as not set when it is empty', async () => {
    const box = sandbox({ 'project/.atcomrc': 'default: searched' });
    expect((await box.load({ env: { ATCOM_CONFIG: '' } })).defaultTarget).toBe('searched');
  });

  it('names no file', async () => {
    const box = sandbox();
    const file = box.path('project/gone.yaml');
    const error = await failure(box.load({ env: { ATCOM_CONFIG: 'gone.yaml' } }));
    expect(error).toMatchObject({
      code: 'unreadable-file',
      details: { file, reason: 'there is no such file' },
    });
  });

  it('names a folder', async () => {
    const error = await failure(sandbox().load({ env: { ATCOM_CONFIG: '.' } }));
    expect(error.message).toMatch(/ cannot be read: it is a folder/);
  });

  it.each(['{ "name": "x" }', '', 'null', '[1]'])(
    'names no package.json without our key: %j',
    async (text) => {
      const box = sandbox({ 'project/package.json': text });
      expect(await failure(box.load({ env: { ATCOM_CONFIG: 'package.json' } }))).toMatchObject({
        code: 'unreadable-file',
        details: { reason: 'it has no key "atcom"' },
      });
    },
  );

  it('gives way to the file of --config', async () => {
    const box = sandbox({ 'project/a.yaml': 'default: a', 'project/b.yaml': 'default: b' });
    expect((await box.load({ file: 'b.yaml', env: { ATCOM_CONFIG: 'a.yaml' } })).defaultTarget).toBe('b');
  });

  it('may be a pipe', async () => {
    const box = sandbox();
    execFileSync('sh', ['-c', 'mkfifo pipe'], { cwd: box.project });
    const writer = spawn('sh', ['-c', 'echo "default: piped" > pipe'], { cwd: box.project });
    onTestFinished(() => void writer.kill());
    expect((await box.load({ file: 'pipe' })).defaultTarget).toBe('piped');
  });

  it('may be /dev/null, for no project file', async () => {
    const box = sandbox({ 'project/.atcomrc': 'default: searched' });
    expect((await box.load({ env: { ATCOM_CONFIG: '/dev/null' } })).defaultTarget).toBeUndefined();
  });

  it("leaves the user's file the user's", async () => {
    const box = sandbox({ 'user/config.yaml': 'phones: { p: { host: a, user: u, password: x } }' });
    const config = await box.load({ env: { ATCOM_CONFIG: box.path('user/config.yaml') } });
    expect(config.files).toEqual([{ path: box.path('user/config.yaml'), kind: 'user' }]);
    expect(config.phones.get('p')).toMatchObject({ user: 'u', password: 'x' });
  });

  it("names the user's file that is not there", async () => {
    const box = sandbox();
    const error = await failure(box.load({ env: { ATCOM_CONFIG: box.path('user/config.yaml') } }));
    expect(error).toMatchObject({ code: 'unreadable-file', details: { reason: 'there is no such file' } });
  });
});

describe("the user's file", () => {
  it.each(['config.yaml', 'config.yml', 'config.json'])('may be %s', async (name) => {
    const box = sandbox({ [`user/${name}`]: '{ "default": "mine" }' });
    expect(await box.load()).toMatchObject({
      defaultTarget: 'mine',
      files: [{ path: join(box.user, name), kind: 'user' }],
    });
  });

  it.runIf(process.platform === 'linux')('stands in the folder of XDG_CONFIG_HOME', async () => {
    const box = sandbox({ 'xdg/atcom/config.yaml': 'default: mine' });
    const env = { HOME: box.root, XDG_CONFIG_HOME: box.path('xdg') };
    expect((await loadConfig({ cwd: box.project, env, uid })).defaultTarget).toBe('mine');
  });

  it('does not follow a relative XDG_CONFIG_HOME into the current folder', () => {
    const { user } = findConfig({ cwd: '/somewhere', env: { XDG_CONFIG_HOME: 'xdg' } });
    expect(user).toMatch(new RegExp(`^${userInfo().homedir}/`));
  });
});

describe('findConfig', () => {
  const USER = ['config.yaml', 'config.yml', 'config.json'];

  it('lists where it looked, nearest first', () => {
    const box = sandbox();
    const places = [...PLACES, 'package.json'];
    expect(findConfig(box.context())).toEqual({
      found: [],
      ignored: [],
      searched: [
        ...[box.project, box.root].flatMap((folder) => places.map((place) => join(folder, place))),
        ...USER.map((name) => join(box.user, name)),
        box.path('system.yaml'),
      ],
      user: join(box.user, 'config.yaml'),
    });
  });

  it('looks no further up than to the file that decides', () => {
    const box = sandbox({ '.atcomrc': '', 'project/.atcomrc': '' });
    const { searched, found } = findConfig(box.context());
    expect(found).toEqual([{ path: box.path('project/.atcomrc'), kind: 'project', named: false }]);
    expect(searched.filter((path) => path.endsWith('/.atcomrc'))).toEqual([box.path('project/.atcomrc')]);
  });

  it('goes up to the root when the home folder is elsewhere', () => {
    const { searched } = findConfig({ cwd: '/a/b', env: { HOME: '/home/me' } });
    expect(searched.filter((path) => path.endsWith('/.atcomrc'))).toEqual([
      '/a/b/.atcomrc',
      '/a/.atcomrc',
      '/.atcomrc',
    ]);
  });

  it('lists the file that ATCOM_CONFIG names, and the existing user file', () => {
    const box = sandbox({ 'user/config.json': '{}', 'user/config.yml': '' });
    expect(findConfig(box.context({ env: { ATCOM_CONFIG: 'x.yaml' } }))).toEqual({
      found: [
        { path: box.path('project/x.yaml'), kind: 'project', named: true },
        { path: box.path('user/config.yml'), kind: 'user', named: false },
      ],
      ignored: [box.path('user/config.json')],
      searched: [
        box.path('project/x.yaml'),
        ...USER.map((name) => join(box.user, name)),
        box.path('system.yaml'),
      ],
      user: join(box.user, 'config.yml'),
    });
  });
});
