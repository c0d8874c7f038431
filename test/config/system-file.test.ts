import { chmodSync, chownSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sandbox } from './sandbox.ts';

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

it('is looked for in /etc', async () => {
  const { findConfig } = await import('../../src/config/index.ts');
  const { systemFile: _, ...context } = sandbox().context();
  expect(findConfig(context).searched.at(-1)).toBe('/etc/atcom/atcom.config.yaml');
});
