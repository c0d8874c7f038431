import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { configPlaces, loadConfig } from '../../src/config/index.ts';
import { failure, sandbox } from './sandbox.ts';

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

  it.each(['', '  \n', '# nothing yet\n'])('is passed over when it says nothing: %j', async (text) => {
    const box = sandbox({ 'project/.atcomrc': 'default: far', 'project/a/.atcomrc': text });
    expect((await box.load({ cwd: box.path('project/a') })).defaultTarget).toBe('far');
  });

  it('is not looked for above the home folder', async () => {
    const box = sandbox({ '.atcomrc': 'default: home', 'project/.keep': '' });
    expect((await box.load()).defaultTarget).toBe('home');
    expect((await box.load({ env: { HOME: box.project } })).defaultTarget).toBeUndefined();
  });

  it('is told of when it is far too large', async () => {
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

  it('is no socket of that name', async () => {
    const box = sandbox({ 'project/atcom.config.yaml': 'default: lobby' });
    const server = createServer().listen(box.path('project/.atcomrc'));
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    expect((await box.load()).defaultTarget).toBe('lobby');
  });

  it('is no folder of that name', async () => {
    const box = sandbox({ 'project/atcom.config.yaml': 'default: lobby' });
    mkdirSync(box.path('project/.atcomrc'));
    expect((await box.load()).defaultTarget).toBe('lobby');
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
    expect(error).toMatchObject({ code: 'unreadable-file', details: { reason: 'it is a folder' } });
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
    expect((await loadConfig({ cwd: box.project, env })).defaultTarget).toBe('mine');
  });

  it('does not follow a relative XDG_CONFIG_HOME into the current folder', () => {
    const { user } = configPlaces({ cwd: '/somewhere', env: { XDG_CONFIG_HOME: 'xdg' } });
    expect(user.startsWith(homedir())).toBe(true);
  });
});

describe('configPlaces', () => {
  it('tells where is searched, nearest first', () => {
    const box = sandbox();
    const { searched, user } = configPlaces(box.context());
    expect(searched).toEqual(
      [box.project, box.root].flatMap((folder) =>
        [...PLACES, 'package.json'].map((place) => join(folder, place)),
      ),
    );
    expect(user).toBe(join(box.user, 'config.yaml'));
  });

  it('goes up to the root when the home folder is elsewhere', () => {
    const { searched } = configPlaces({ cwd: '/a/b', env: { HOME: '/home/me' } });
    expect(searched.filter((path) => path.endsWith('/.atcomrc'))).toEqual([
      '/a/b/.atcomrc',
      '/a/.atcomrc',
      '/.atcomrc',
    ]);
  });

  it('tells the file that ATCOM_CONFIG names, and the user file there is', () => {
    const box = sandbox({ 'user/config.json': '{}' });
    expect(configPlaces(box.context({ env: { ATCOM_CONFIG: 'x.yaml' } }))).toEqual({
      searched: [join(box.project, 'x.yaml')],
      user: join(box.user, 'config.json'),
    });
  });
});
