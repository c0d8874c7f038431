import { rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyEnvironment, loadConfig } from '../../src/config/index.ts';
import { failure, problemsOf, sandbox } from './sandbox.ts';

describe('credentials in a project file', () => {
  const cases = ['user: admin', 'password: hunter2', 'passwordFile: ./secret', 'password:', 'password: [1]'];

  it.each(cases)('are an error: %s', async (setting) => {
    const name = setting.split(':')[0];
    const where = expect.stringMatching(
      /: credentials do not belong in a project file, but in yours: .*\/config\.yaml$/,
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
    expect(error.message).toContain('credentials do not belong in a project file');
  });
});

describe("credentials in the user's file", () => {
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
    ['password: a, passwordFile: b', 'phones.p: has password and passwordFile; keep one of them'],
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

describe('applyEnvironment', () => {
  const phone = { host: 'a' };

  it('changes nothing when nothing is set', () => {
    const env = {
      ATCOM_USER: '',
      ATCOM_PASSWORD: '',
      ATCOM_PASSWORD_FILE: '',
      ATCOM_TIMEOUT: '',
      ATCOM_DELAY: '',
    };
    expect(applyEnvironment(phone, env)).toEqual(phone);
    expect(applyEnvironment({ ...phone, timeout: 1, delay: 2 }, {})).toEqual({
      ...phone,
      timeout: 1,
      delay: 2,
    });
  });

  it('gives credentials to a phone that has none', () => {
    expect(applyEnvironment(phone, { ATCOM_USER: 'u', ATCOM_PASSWORD: 'p' })).toEqual({
      host: 'a',
      user: 'u',
      password: 'p',
    });
  });

  it('gives none to a phone that has its own', () => {
    const own = { host: 'a', user: 'me', password: 'mine' };
    expect(applyEnvironment(own, { ATCOM_USER: 'u', ATCOM_PASSWORD: 'p' })).toEqual(own);
  });

  it('gives a password to a user who has none, but never to another user', () => {
    const user = { host: 'a', user: 'me' };
    expect(applyEnvironment(user, { ATCOM_PASSWORD: 'p' })).toEqual({ ...user, password: 'p' });
    expect(applyEnvironment(user, { ATCOM_USER: 'me', ATCOM_PASSWORD: 'p' })).toEqual({
      ...user,
      password: 'p',
    });
    expect(applyEnvironment(user, { ATCOM_USER: 'u', ATCOM_PASSWORD: 'p' })).toEqual(user);
  });

  it('does not name a user for a password that stands alone', () => {
    const password = { host: 'a', password: 'mine' };
    expect(applyEnvironment(password, { ATCOM_USER: 'u', ATCOM_PASSWORD: 'p' })).toEqual(password);
  });

  it('reads a password file', () => {
    const box = sandbox({ secret: 'from file\n' });
    const env = { ATCOM_USER: 'u', ATCOM_PASSWORD_FILE: box.path('secret') };
    expect(applyEnvironment(phone, env)).toEqual({ host: 'a', user: 'u', password: 'from file' });
  });

  it.each([
    ['utf16le', "it is UTF-16, as PowerShell's > writes it; save it as UTF-8"],
    ['latin1', 'its first line holds a character that is not UTF-8'],
  ] as const)('reads no password of another encoding: %s', async (encoding, reason) => {
    const box = sandbox();
    writeFileSync(box.path('secret'), Buffer.from('süß\r\n', encoding));
    const env = { ATCOM_PASSWORD_FILE: box.path('secret') };
    const error = await failure((async () => applyEnvironment(phone, env))());
    expect(error).toMatchObject({ code: 'unreadable-file', details: { reason } });
  });

  it('reads a password file once, because a pipe gives its text once', async () => {
    const box = sandbox({ 'project/.atcomrc': 'phones: { p: a, q: b }', secret: 'from file' });
    const context = box.context({ env: { ATCOM_PASSWORD_FILE: box.path('secret') } });
    const { phones } = await loadConfig(context);
    rmSync(box.path('secret'));
    expect([...phones.values()].map(({ password }) => password)).toEqual(['from file', 'from file']);
    expect(applyEnvironment(phone, context.env).password).toBe('from file');
    expect(() => applyEnvironment(phone, { ...context.env })).toThrow('there is no such file');
  });

  it.each([
    [
      { ATCOM_PASSWORD: 'p', ATCOM_PASSWORD_FILE: '/x' },
      'usage',
      'ATCOM_PASSWORD and ATCOM_PASSWORD_FILE are both set',
    ],
    [{ ATCOM_PASSWORD_FILE: '/gone' }, 'unreadable-file', '/gone cannot be read: there is no such file'],
    [{ ATCOM_TIMEOUT: '5' }, 'usage', 'ATCOM_TIMEOUT: "5" is not a duration'],
    [{ ATCOM_TIMEOUT: '0s' }, 'usage', 'ATCOM_TIMEOUT: must be longer than nothing'],
    [{ ATCOM_DELAY: 'x' }, 'usage', 'ATCOM_DELAY: "x" is not a duration'],
  ])('refuses %o', async (env, code, message) => {
    const error = await failure((async () => applyEnvironment(phone, env))());
    expect(error).toMatchObject({ code, message, exitCode: 2 });
  });
});
