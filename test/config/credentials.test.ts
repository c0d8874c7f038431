import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { credentialsByTarget } from '../../src/config/credentials.ts';
import { type Environment, everyProfile, loadConfig } from '../../src/config/index.ts';
import type { PhoneSettings } from '../../src/protocol/settings.ts';
import { failure, problemsOf, sandbox } from './sandbox.ts';

describe('credentials in a project file', () => {
  const cases = ['user: admin', 'password: hunter2', 'passwordFile: ./secret', 'password:', 'password: [1]'];

  it.each(cases)('are an error: %s', async (setting) => {
    const name = setting.split(':')[0];
    const where = expect.stringMatching(
      /: credentials belong in your own file, not in a project file: .*\/config\.yaml$/,
    );
    const [top, ...others] = await problemsOf(`phones: { p: { host: a, ${setting} } }`);
    expect(top).toEqual(where);
    expect(top).toContain(`1:25 phones.p.${name}: `);
    expect(others).toEqual([]);
    expect(await problemsOf(`profiles: { s: { phones: { p: { host: a, ${setting} } } } }`)).toEqual([where]);
  });

  it('are an error in the file of ATCOM_CONFIG too', async () => {
    const box = sandbox({ 'elsewhere.yaml': 'phones: { p: { host: a, password: x } }' });
    const error = await failure(box.load({ env: { ATCOM_CONFIG: '../elsewhere.yaml' } }));
    expect(error.message).toContain('credentials belong in your own file');
  });
});

describe("credentials in the user's file", () => {
  it.each(['README.md', 'docs/config.md'])('are where %s shows them', async (page) => {
    const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8');
    const [, block = ''] = /^```yaml\n((?:#.*\n)credentials:[\s\S]*?)^```$/m.exec(text) ?? [];
    const [, name = ''] = /passwordFile: ([\w.]+)/.exec(block) ?? [];
    const config = await sandbox({
      'user/config.yaml': `${block}phones: { lobby: { host: 10.0.0.1, auth: digest } }\ngroups: { floor1: lobby }`,
      [`user/${name}`]: 'secret\n',
    }).load();
    const lobby = config.phones.get('lobby') as PhoneSettings;
    expect(await config.settings(lobby)).toMatchObject({ user: 'admin', password: 'secret' });
  });

  it('are taken', async () => {
    const box = sandbox({ 'user/config.yaml': 'phones: { p: { host: a, user: u, password: " x " } }' });
    expect((await box.load()).phones.get('p')).toMatchObject({ user: 'u', password: ' x ' });
  });

  it.each(['secret', 'secret\n', 'secret\r\nsecond line', '\uFEFFsecret\n'])(
    'are read from %j',
    async (text) => {
      const box = sandbox({
        'user/config.yaml': 'phones: { p: { host: a, user: u, passwordFile: keys/p } }',
        'user/keys/p': text,
      });
      expect((await box.load()).phones.get('p')).toEqual({
        name: 'p',
        host: 'a',
        user: 'u',
        password: 'secret',
      });
    },
  );

  it.each([
    ['gone', 'there is no such file'],
    ['.', 'it is a folder'],
    ['empty', 'its first line is empty'],
  ])('cannot be read from %s', async (file, reason) => {
    const box = sandbox({
      'user/config.yaml': `phones: { p: { host: a, passwordFile: ${file} } }`,
      'user/empty': '\nsecret\n',
    });
    expect(await failure(box.load())).toMatchObject({ code: 'unreadable-file', details: { reason } });
  });

  it.each([
    ['password: a, passwordFile: b', 'phones.p: has both password and passwordFile; keep one of them'],
    ['password: ""', 'phones.p.password: must not be empty'],
    ['password: 1234', 'phones.p.password: must be text: put it in quotes (text)'],
  ])('are wrong as %s', async (settings, problem) => {
    const error = await failure(
      sandbox({ 'user/config.yaml': `phones: { p: { host: a, ${settings} } }` }).load(),
    );
    expect(error.message).toContain(problem);
    expect(error.message).not.toContain('1234');
  });
});

describe('the environment', () => {
  const phone = { host: 'a', auth: 'digest' } as const;
  /** What becomes of a phone that is in no config. */
  const completed = async (settings: PhoneSettings, env: Environment) =>
    (await sandbox().load({ env })).settings(settings);

  it('changes nothing when nothing is set', async () => {
    const env = {
      ATCOM_USER: '',
      ATCOM_PASSWORD: '',
      ATCOM_PASSWORD_FILE: '',
      ATCOM_TIMEOUT: '',
      ATCOM_DELAY: '',
    };
    expect(await completed(phone, env)).toEqual(phone);
    expect(await completed({ ...phone, timeout: 1, delay: 2 }, {})).toEqual({
      ...phone,
      timeout: 1,
      delay: 2,
    });
  });

  it('gives credentials to a phone that has none', async () => {
    expect(await completed(phone, { ATCOM_USER: 'u', ATCOM_PASSWORD: 'p' })).toEqual({
      ...phone,
      user: 'u',
      password: 'p',
    });
  });

  it('takes no user whose name cannot stand in a header', async () => {
    await expect(completed(phone, { ATCOM_USER: 'u\n' })).rejects.toThrow(
      'ATCOM_USER must not contain line ends',
    );
  });

  it('gives none where none will be sent', async () => {
    const env = { ATCOM_USER: 'u', ATCOM_PASSWORD_FILE: '/gone' };
    expect(await completed({ host: 'a' }, env)).toEqual({ host: 'a' });
    expect(await completed({ host: 'a', auth: 'none' }, env)).toEqual({ host: 'a', auth: 'none' });
  });

  it('gives them to a phone that will be asked for its web page', async () => {
    const { settings } = await sandbox().load({ env: { ATCOM_USER: 'u', ATCOM_PASSWORD: 'p' } });
    expect(await settings({ host: 'a' }, true)).toEqual({ host: 'a', user: 'u', password: 'p' });
  });

  it('gives none to a phone that has its own', async () => {
    const own = { ...phone, user: 'me', password: 'mine' };
    expect(await completed(own, { ATCOM_USER: 'u', ATCOM_PASSWORD: 'p' })).toEqual(own);
  });

  it('gives a password to a user who has none, but never to another user', async () => {
    const user = { ...phone, user: 'me' };
    expect(await completed(user, { ATCOM_PASSWORD: 'p' })).toEqual({ ...user, password: 'p' });
    expect(await completed(user, { ATCOM_USER: 'me', ATCOM_PASSWORD: 'p' })).toEqual({
      ...user,
      password: 'p',
    });
    expect(await completed(user, { ATCOM_USER: 'u', ATCOM_PASSWORD: 'p' })).toEqual(user);
  });

  it('does not add a user to a password that has none', async () => {
    const password = { ...phone, password: 'mine' };
    expect(await completed(password, { ATCOM_USER: 'u', ATCOM_PASSWORD: 'p' })).toEqual(password);
  });

  it('reads a password file', async () => {
    const box = sandbox({ secret: 'from file\n' });
    const env = { ATCOM_USER: 'u', ATCOM_PASSWORD_FILE: box.path('secret') };
    expect(await completed(phone, env)).toEqual({ ...phone, user: 'u', password: 'from file' });
  });

  it.each([
    ['utf16le', "it is UTF-16, as PowerShell's > writes it; save it as UTF-8"],
    ['latin1', 'its first line holds a character that is not UTF-8'],
  ] as const)('reads no password of another encoding: %s', async (encoding, reason) => {
    const box = sandbox();
    writeFileSync(box.path('secret'), Buffer.from('süß\r\n', encoding), { mode: 0o600 });
    const error = await failure(completed(phone, { ATCOM_PASSWORD_FILE: box.path('secret') }));
    expect(error).toMatchObject({ code: 'unreadable-file', details: { reason } });
  });

  it('reads a password file once, because a pipe gives its text once', async () => {
    const box = sandbox({ secret: 'from file' });
    const context = box.context({ env: { ATCOM_PASSWORD_FILE: box.path('secret') } });
    const first = await loadConfig(context);
    expect((await first.settings(phone)).password).toBe('from file');
    rmSync(box.path('secret'));
    expect((await first.settings({ ...phone, host: 'b' })).password).toBe('from file');
    expect((await (await loadConfig(context)).settings(phone)).password).toBe('from file');
    const other = await loadConfig({ ...context, env: { ...context.env } });
    await expect(other.settings(phone)).rejects.toThrow('there is no such file');
  });

  it.each([
    [
      { ATCOM_PASSWORD: 'p', ATCOM_PASSWORD_FILE: '/x' },
      'usage',
      'ATCOM_PASSWORD and ATCOM_PASSWORD_FILE are both set',
    ],
    [{ ATCOM_PASSWORD_FILE: '/gone' }, 'unreadable-file', '/gone cannot be read: there is no such file'],
    [{ ATCOM_TIMEOUT: '5' }, 'usage', 'ATCOM_TIMEOUT: "5" is not a duration'],
    [{ ATCOM_TIMEOUT: '0s' }, 'usage', 'ATCOM_TIMEOUT: must be longer than 0'],
    [{ ATCOM_DELAY: 'x' }, 'usage', 'ATCOM_DELAY: "x" is not a duration'],
  ])('refuses %o', async (env, code, message) => {
    expect(await failure(completed(phone, env))).toMatchObject({ code, message, exitCode: 2 });
  });
});

describe('credentials by target', () => {
  const project = `
phones:
  lab-[01-03]: { host: "10.0.0.[1-3]", auth: digest }
  lobby: { host: 10.0.0.9, auth: basic }
  desk: 10.0.0.10
groups: { floor1: "lab-01,lobby", gone: "lab-01,lab-09", nested: "@gone,@nested", unclear: "@gone!@flor1" }
`;
  /** What each phone of a trusted project file gets. */
  async function given(credentials: string, files: Readonly<Record<string, string>> = {}) {
    const box = sandbox({
      'project/phones.yaml': project,
      'user/config.yaml': `credentials:\n${credentials}`,
      ...files,
    });
    const config = await box.load({ file: 'phones.yaml', env: { ATCOM_USER: 'env', ATCOM_PASSWORD: 'env' } });
    const passwords: [string, string][] = [];
    for (const [name, phone] of config.phones) {
      const { user, password } = await config.settings(phone);
      passwords.push([name, `${user}:${password}`]);
    }
    return { config, passwords: Object.fromEntries(passwords) };
  }

  it.each<[string, Readonly<Record<string, string>>]>([
    ['"@floor1": { user: f1, password: p }', { 'lab-01': 'f1:p', lobby: 'f1:p' }],
    ['lab-*: { user: lab, password: p }', { 'lab-01': 'lab:p', 'lab-02': 'lab:p', 'lab-03': 'lab:p' }],
    ['lab-[02-03]: { user: lab, password: p }', { 'lab-02': 'lab:p', 'lab-03': 'lab:p' }],
    ['"@all!lobby": { user: all, password: p }', { 'lab-01': 'all:p', 'lab-02': 'all:p', 'lab-03': 'all:p' }],
    ['"10.0.0.[1-2]": { user: ip, password: p }', { 'lab-01': 'ip:p', 'lab-02': 'ip:p' }],
    [
      'lobby: { user: one, password: p }\n  "@floor1": { user: two, password: q }',
      { lobby: 'one:p', 'lab-01': 'two:q' },
    ],
    ['lobby: { user: me }', {}],
    ['lobby: { user: env }', {}],
  ])('go to the phones that it selects: %s', async (credentials, expected) => {
    const rest = { 'lab-01': 'env:env', 'lab-02': 'env:env', 'lab-03': 'env:env', lobby: 'env:env' };
    const { passwords } = await given(`  ${credentials}`);
    const alone = credentials === 'lobby: { user: me }' ? { lobby: 'me:undefined' } : {};
    expect(passwords).toEqual({ ...rest, ...expected, ...alone, desk: 'undefined:undefined' });
  });

  it('have their password in a separate file', async () => {
    const { passwords } = await given('  lobby: { user: u, passwordFile: keys/lobby }', {
      'user/keys/lobby': 'secret\n',
    });
    expect(passwords).toMatchObject({ lobby: 'u:secret' });
  });

  it('have their password read once, because a pipe gives its text once', async () => {
    const box = sandbox({
      'project/phones.yaml': project,
      'user/config.yaml': 'credentials:\n  "@floor1": { user: u, passwordFile: secret }',
      'user/secret': 'from file',
    });
    const config = await box.load({ file: 'phones.yaml' });
    const of = async (name: string) =>
      (await config.settings(config.phones.get(name) ?? { host: '' })).password;
    expect(await of('lobby')).toBe('from file');
    rmSync(box.path('user/secret'));
    expect(await of('lab-01')).toBe('from file');
  });

  it('go to an address that is in no config', async () => {
    const { config } = await given('  10.9.9.9: { user: u, password: p }');
    expect(await config.settings({ host: '10.9.9.9', auth: 'digest' })).toMatchObject({
      user: 'u',
      password: 'p',
    });
    expect(await config.settings({ host: '10.9.9.8', auth: 'digest' })).toMatchObject({ user: 'env' });
  });

  it('do not replace those of a phone', async () => {
    const box = sandbox({
      'user/config.yaml':
        'phones: { p: { host: a, auth: basic, user: own, password: own } }\ncredentials: { p: { user: u, password: p } }',
    });
    const { settings, phones } = await box.load();
    expect(await Promise.all([...phones.values()].map((phone) => settings(phone)))).toMatchObject([
      { user: 'own', password: 'own' },
    ]);
  });

  it.each([
    ['a name', 'phones: { reception: "10.0.0.2" }'],
    ['another name', 'phones: { lab-9: 10.0.0.2 }'],
    ['a group', 'groups: { floor1: lobby }'],
    ['a group with its address', 'groups: { floor1: 10.0.0.2 }'],
    ['a name and a group', 'phones: { x: 10.0.0.2 }\ngroups: { floor1: x }'],
  ])(
    'of a phone of the user are not chosen by %s in a project file that was merely found',
    async (_, theirs) => {
      const files = (project: string) => ({
        'project/atcom.config.yaml': project,
        'user/config.yaml': `
phones:
  reception: { host: 10.0.0.1, auth: basic }
  lobby: { host: 10.0.0.2, auth: basic }
credentials:
  "@floor1": { user: u, password: floor }
  "lab-*": { user: u, password: lab }
  reception: { user: u, password: reception }
  "lobby!reception": { user: u, password: lobby }
`,
      });
      const passwordsOf = async (project: string, file?: string) => {
        const config = await sandbox(files(project)).load(file === undefined ? {} : { file });
        const there = [config.phones.get('lobby'), { host: '10.0.0.2' }];
        return Promise.all(
          there.map(async (phone) => (await config.settings({ host: '', auth: 'basic', ...phone })).password),
        );
      };
      expect(await passwordsOf(theirs)).toEqual(['lobby', 'lobby']);
      // One that the user names may.
      expect(await passwordsOf(theirs, 'atcom.config.yaml')).not.toEqual(['lobby', 'lobby']);
    },
  );

  it.each([
    ['a group', 'groups: { mine: 10.0.0.3 }'],
    ['a default', 'default: 10.0.0.3'],
    ['a profile', 'profiles: { night: { default: 10.0.0.3 } }'],
    ['only the credentials', ''],
  ])('of an address that %s of the user has are not chosen by a group that was found', async (_, own) => {
    const box = sandbox({
      'project/atcom.config.yaml': 'groups: { floor1: "10.0.0.3,10.0.0.4" }',
      'user/config.yaml': `${own}
credentials:
  "@floor1": { user: u, password: floor }
  10.0.0.3: { user: u, password: right }
`,
    });
    const { settings } = await box.load();
    expect((await settings({ host: '10.0.0.3', auth: 'digest' })).password).toBe('right');
    // Why it gets none is told, as for a phone of that file.
    const theirs = settings({ host: '10.0.0.4', auth: 'digest' });
    await expect(theirs).rejects.toMatchObject({ code: 'untrusted-config' });
  });

  describe('for phones whose names a profile of a found project takes away', () => {
    const own = `
phones: { old.hq: 10.0.0.5 }
profiles:
  office:
    phones: { lobby.hq: 10.0.0.2, desk.hq: desk.hq }
credentials:
  old.hq: { user: u, password: old }
  lobby.hq: { user: u, password: lobby }
  desk.hq: { user: u, password: desk }
`;
    const passwords = async (project: string, user = own, env: Environment = {}) => {
      const files = { 'user/config.yaml': user, 'user/secret': 'env', 'project/atcom.config.yaml': project };
      const box = sandbox(files);
      const secret = env['ATCOM_PASSWORD_FILE'];
      const file = secret === undefined ? {} : { ATCOM_PASSWORD_FILE: box.path(secret) };
      const { settings } = await box.load({ profile: 'office', env: file });
      return async (host: string) => (await settings({ host, auth: 'digest' })).password;
    };
    const theirs = [
      'profiles: { office: { phones: {} } }',
      'profiles: { office: { phones: { x: 10.0.0.9 } } }',
      'profiles: { office: { default: 10.0.0.9 } }',
      'profiles: { office: { phones: { lobby.hq: 10.0.0.9 } } }',
      'phones: { lobby.hq: 10.0.0.9 }',
    ];

    it.each(theirs)('do not go to an address of that name: %s', async (project) => {
      const of = await passwords(project);
      // In other letters it is an address without the project, too.
      expect(await of('LOBBY.HQ')).toBe(undefined);
      expect(await of('10.0.0.2')).toBe('lobby');
      expect(await of('10.0.0.5')).toBe('old');
      expect(await of('desk.hq')).toBe('desk');
    });

    it.each(theirs.slice(0, 3))('nor does another password: %s', async (project) => {
      const reason =
        'it leaves you no phone lobby.hq, which is an address then, where your password would go';
      const refused = { code: 'untrusted-config', details: { reason } };
      await expect((await passwords(project))('lobby.hq')).rejects.toMatchObject(refused);
      const [user = ''] = own.split('credentials:');
      const of = await passwords(project, user, { ATCOM_PASSWORD_FILE: 'user/secret' });
      await expect(of('lobby.hq')).rejects.toMatchObject(refused);
      expect(await of('LOBBY.HQ')).toBe('env');
    });

    it.each(theirs.slice(0, 3))('do not become those of another name of the address: %s', async (project) => {
      const two = `
phones: { kitchen: 10.0.0.2, lab-1: 10.0.0.3 }
profiles: { office: { phones: { front: 10.0.0.2 } } }
credentials:
  kitchen: { user: u, password: other }
  front: { user: u, password: own }
`;
      expect(await (await passwords(project, two))('10.0.0.2')).toBe('own');
      expect(await (await passwords('{}', two))('10.0.0.2')).toBe('own');
    });

    it('go there if it was an address without the project', async () => {
      for (const project of ['{}', 'phones: { x: 10.0.0.9 }', ...theirs.slice(0, 2)])
        expect(await (await passwords(project))('old.hq')).toBe('old');
    });
  });

  it('may be for phones of another project', async () => {
    const { config, passwords } = await given(
      '  "@floor9": { user: u, password: p }\n  lob: { user: u, password: p }',
    );
    expect(passwords).toMatchObject({ lobby: 'env:env' });
    expect(config.credentialsMistakes()).toEqual([
      { target: '@floor9', reason: 'there is no group "@floor9"', phones: 0 },
      { target: 'lob', reason: 'no phone is called "lob"', phones: 0 },
    ]);
  });

  it.each([
    ['"lab-*!@flor1"', 'lab-02'],
    ['"desk,lab-*!@model:A48"', 'desk'],
    ['"lab-*&@model:A48,desk"', 'lab-01'],
    ['"@unclear"', 'lab-01'],
  ])('are not those of a later target where they may be those of %s', async (target, name) => {
    const text = `  ${target}: { user: u, password: p }\n  "@all": { user: all, password: q }`;
    const box = sandbox({ 'project/phones.yaml': project, 'user/config.yaml': `credentials:\n${text}` });
    const { phones, settings } = await box.load({ file: 'phones.yaml' });
    const { host = '' } = phones.get(name) ?? {};
    await expect(settings({ host, name, auth: 'digest' })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(`are for ${name} is not clear`),
    });
  });

  it.each([
    ['lab-[01-04]', 'lab-01'],
    ['"desk,desc"', 'desk'],
    ['"@flor1,@model:A48,*-9,desk"', 'desk'],
    ['"@gone"', 'lab-01'],
    ['"@nested"', 'lab-01'],
    ['"lab-[0001-9000],desk"', 'desk'],
    ['"desk!lab-[01-03]"', 'desk'],
    ['"lab-*!lab-13,desk"', 'desk'],
    ['"desk,@unclear"', 'desk'],
    ['"@unclear,lab-01"', 'lab-01'],
    ['"lab-*&@model:A48,desk"', 'desk'],
  ])('are those of %s, whatever else it names that is not here', async (target, name) => {
    const text = `  ${target}: { user: u, password: p }\n  "@all": { user: all, password: q }`;
    const box = sandbox({ 'project/phones.yaml': project, 'user/config.yaml': `credentials:\n${text}` });
    const config = await box.load({ file: 'phones.yaml' });
    const { host = '' } = config.phones.get(name) ?? {};
    expect(await config.settings({ host, name, auth: 'digest' })).toMatchObject({ user: 'u', password: 'p' });
    const mistakes = config.credentialsMistakes();
    expect(mistakes.map(({ phones }) => phones > 0)).toEqual(target === '"desk!lab-[01-03]"' ? [] : [true]);
  });

  it('are too many where they look through too many phones together', async () => {
    const many = Array.from({ length: 60 }, (_, index) => `  "*,*${'!*'.repeat(index)}": { user: u }`);
    const text = `phones: { "p[1-9000]": "10.0.[0-44].[1-200]" }\ncredentials:\n${many.join('\n')}`;
    await expect(sandbox({ 'user/config.yaml': text }).load()).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('too large together'),
    });
  });

  describe('with many mistakes in groups', () => {
    const groups = `groups:\n${Array.from({ length: 49 }, (_, index) => `  g${index}: "@g${index + 1}"\n`).join('')}`;
    const phones = 'phones: { a: 10.0.0.1 }\n';
    const tooMany = { code: 'usage', message: expect.stringContaining('too large together') };

    it('are too many with all profiles together', async () => {
      const profiles = Array.from({ length: 10 }, (_, index) => `  p${index}: { ${phones.trim()} }\n`).join(
        '',
      );
      const text = `${phones}${groups}profiles:\n${profiles}credentials: { "a${'!@g0'.repeat(150)}": { user: u } }`;
      const box = sandbox({ 'user/config.yaml': text });
      await expect(box.load()).resolves.toBeDefined();
      const all = async () => {
        for await (const { profile } of everyProfile(box.context())) seen.push(profile);
      };
      const seen: (string | undefined)[] = [];
      await expect(all()).rejects.toMatchObject(tooMany);
      expect(seen).toEqual([undefined, 'p0', 'p1']);
    });

    it('are too many to tell their mistakes', async () => {
      const entries = (count: number) =>
        Array.from({ length: count }, (_, index) => `  "a,@g0,x${index}": { user: u }\n`).join('');
      const loaded = (count: number) =>
        sandbox({ 'user/config.yaml': `${phones}${groups}credentials:\n${entries(count)}` }).load();
      expect((await loaded(10)).credentialsMistakes()).toHaveLength(10);
      const config = await loaded(600);
      expect(() => config.credentialsMistakes()).toThrow(expect.objectContaining(tooMany));
    });
  });

  it('hear a signal between two', async () => {
    const written = Array.from({ length: 100 }, (_, index) => [`x${index}`, { user: 'u' }] as const);
    const told = { own: [], replaced: [], trusted: [], found: [] };
    const inventory = { phones: new Map(), groups: new Map(), told, looks: { count: 0 } };
    const stop = new AbortController();
    setImmediate(() => stop.abort(new Error('stopped')));
    const read = () => Promise.resolve('');
    await expect(credentialsByTarget(written, '/', inventory, read, stop.signal)).rejects.toThrow('stopped');
    expect(inventory.looks.count).toBeLessThan(50);
  });

  it.each([
    ['"@all!10.0.0.10"', 'desk', 'env'],
    ['"@all!10.0.0.10"', 'twin', 'env'],
    ['"@all!10.0.0.10"', 'lobby', 'u'],
  ])('of %s are not for whom that excludes: %s', async (target, name, user) => {
    const phones = '{ lobby: 10.0.0.9, desk: 10.0.0.10, twin: "10.0.0.10:8080" }';
    const text = `phones: ${phones}\ncredentials:\n  ${target}: { user: u, password: p }`;
    const config = await sandbox({ 'user/config.yaml': text }).load({
      env: { ATCOM_USER: 'env', ATCOM_PASSWORD: 'env' },
    });
    const phone = config.phones.get(name) ?? { host: '' };
    expect(await config.settings({ ...phone, auth: 'digest' })).toMatchObject({ user });
  });

  it('are for no groups that are nested too deeply', async () => {
    const groups = Array.from({ length: 1000 }, (_, index) => `  g${index}: "@g${index + 1}"`).join('\n');
    const text = `groups:\n${groups}\ncredentials:\n  "@g0": { user: u }`;
    await expect(sandbox({ 'user/config.yaml': text }).load()).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/^credentials of "@g0": .*more than 50 deep/),
    });
  });

  it('are those of the first target of the file, whatever it is called', async () => {
    const text =
      'phones: { 6001: { host: a, auth: basic } }\ncredentials:\n  "@all": { user: u, password: p }\n  6001: { user: v, password: q }';
    const { phones, settings } = await sandbox({ 'user/config.yaml': text }).load();
    const [phone = { host: '' }] = phones.values();
    expect(await settings(phone)).toMatchObject({ user: 'u', password: 'p' });
  });

  it.each([
    [
      'credentials: { "@a": { user: u } }',
      'atcom.config.yaml:1:1 credentials: credentials belong in your own file',
    ],
    ['credentials:', 'atcom.config.yaml:1:1 credentials: credentials belong in your own file'],
  ])('do not belong in a project file: %s', async (text, problem) => {
    expect((await problemsOf(text))[0]).toContain(problem);
  });

  it.each([
    [
      '{ "@a": { user: u, password: p, passwordFile: f } }',
      'credentials."@a": has both password and passwordFile',
    ],
    ['{ "@a": { user: u, password-file: f } }', 'unknown setting, did you mean passwordFile?'],
    ['{ "lab-[3-1]": { user: u } }', 'runs backwards'],
    ['{ "@a": p }', 'credentials."@a": must be settings'],
    ['[a]', 'credentials: must be credentials by target'],
    [
      '{ a: { user: "u\\nv" } }',
      'credentials.a.user: must not contain line ends or other control characters',
    ],
    ['{ a: { user: "u\\0" } }', 'credentials.a.user: must not contain line ends'],
  ])('are wrong as %s', async (credentials, problem) => {
    const error = await failure(sandbox({ 'user/config.yaml': `credentials: ${credentials}` }).load());
    expect(error.message).toContain(problem);
  });
});
