import { chmodSync, chownSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { absenceOf, findConfig } from '../../src/config/places.ts';
import { type Sandbox, sandbox } from './sandbox.ts';

type Environment = (box: Sandbox) => Readonly<Record<string, string>>;

const PHONES =
  'default: desk\nphones: { desk: { host: 172.16.0.1, auth: basic, user: admin, password: secret } }';
const isRoot = process.getuid?.() === 0;

/** Only root can make a file that root owns. */
describe.runIf(isRoot)('the config of the computer', () => {
  it('is the last of the files, and may hold credentials', async () => {
    const { load, path } = sandbox({
      'system.yaml': PHONES,
      'user/config.yaml': 'groups: { desks: desk }',
      'project/atcom.config.yaml': 'default: other\nphones: { other: 172.16.0.2 }',
    });
    const config = await load();
    expect(config.files.map(({ kind }) => kind)).toEqual(['project', 'user', 'system']);
    expect(config.files.at(-1)?.path).toBe(path('system.yaml'));
    expect(config.defaultTarget).toBe('other');
    expect(config.phones.get('desk')).toMatchObject({ user: 'admin', password: 'secret' });
    expect(config.origin.get('desk')).toBe('system');
  });

  it.each([
    ['that others can write', 0o666, 0],
    ['that a group can write', 0o660, 0],
    ['of another user', 0o644, 1000],
  ])('does not count as a file %s', async (_, mode, owner) => {
    const { load, path } = sandbox({ 'system.yaml': PHONES });
    chmodSync(path('system.yaml'), mode);
    chownSync(path('system.yaml'), owner, 0);
    expect((await load()).files).toEqual([]);
  });
});

describe.runIf(isRoot)('the config of the computer that this user may not read', () => {
  const unread = (env: Environment) => {
    const box = sandbox({ 'system.yaml': PHONES, 'copies/system.yaml': PHONES });
    chmodSync(box.root, 0o755);
    process.seteuid?.(65_534);
    try {
      return { box, places: findConfig(box.context({ env: env(box) })) };
    } finally {
      process.seteuid?.(0);
    }
  };

  it.each<[string, Environment]>([
    ['', () => ({})],
    [', where no copy is beside other credentials', ({ user }) => ({ CREDENTIALS_DIRECTORY: user })],
    [', where the folder of credentials is not a path', () => ({ CREDENTIALS_DIRECTORY: 'copies' })],
  ])('is told%s', (_, env) => {
    const { box, places } = unread(env);
    const closed = box.path('system.yaml');
    expect(places).toMatchObject({ found: [], closed });
    expect(absenceOf(places)).toContain(`, and you may not read ${closed}`);
  });

  it('is read from the copy that systemd made for a service', async () => {
    const { box, places } = unread(({ path }) => ({ CREDENTIALS_DIRECTORY: path('copies') }));
    expect(places.closed).toBeUndefined();
    expect(places.found).toEqual([{ path: box.path('copies/system.yaml'), kind: 'system', named: false }]);
  });
});

it('is looked for in /etc', () => {
  const { systemFile: _, ...context } = sandbox().context();
  expect(findConfig(context).searched.at(-1)).toBe('/etc/atcom/atcom.config.yaml');
});
