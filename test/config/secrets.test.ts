import { execFileSync, spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { everyProfile } from '../../src/config/index.ts';
import { secretReader } from '../../src/config/secrets.ts';
import { failure, sandbox } from './sandbox.ts';

const ACCOUNT = 'uri: "sip:1@10.0.0.1"';

describe.runIf(process.platform !== 'win32')('a config file that others can read', () => {
  it.each([
    'phones: { p: { host: a, password: s } }',
    'profiles: { x: { phones: { p: { host: a, password: s } } } }',
    'credentials: { p: { user: u, password: s } }',
    `simulator: { accounts: { a: { ${ACCOUNT}, password: s } } }`,
    'listener: { token: 0123456789abcdef }',
  ])('holds no secret: %s', async (text) => {
    const box = sandbox({ 'user/config.yaml': text });
    await box.load();
    chmodSync(box.path('user/config.yaml'), 0o644);
    expect(await failure(box.load())).toMatchObject({
      code: 'unreadable-file',
      details: { reason: 'it holds a secret and others can read it' },
      hint: expect.stringMatching(/^chmod 600 \/.*config\.yaml;/),
    });
  });

  it.each([
    'phones: { password: 10.0.0.1, p: { host: a, passwordFile: s } }',
    'macros: { password: HOLD }\ngroups: { token: p }\nphones: { p: 10.0.0.1 }',
  ])('may name where one is, and have one for a name: %s', async (text) => {
    const box = sandbox({ 'user/config.yaml': text, 'user/s': 'hunter2' });
    chmodSync(box.path('user/config.yaml'), 0o644);
    expect((await box.load()).phones.has('p')).toBe(true);
  });

  it('names a password file that others cannot read either', async () => {
    const box = sandbox({ 'user/config.yaml': 'phones: { p: { host: a, passwordFile: s } }', 'user/s': 'x' });
    chmodSync(box.path('user/s'), 0o640);
    expect((await failure(box.load())).hint).toMatch(/^chmod 600 \/.*\/user\/s;/);
  });
});

describe.runIf(process.platform === 'linux')('a pipe', () => {
  it('gives the config, and a password, once for all profiles', async () => {
    const box = sandbox();
    for (const name of ['c', 's']) execFileSync('mkfifo', ['-m', '600', box.path(name)]);
    const text = `{ phones: { p: { host: a, auth: digest } }, profiles: { x: { phones: { p: { host: b, auth: digest } } } } }`;
    const words = ['-c', `echo '${text}' > c; printf hunter2 > s`];
    const writer = spawn('sh', words, { cwd: box.root });
    onTestFinished(() => void writer.kill('SIGKILL'));
    const env = { ATCOM_USER: 'u', ATCOM_PASSWORD_FILE: box.path('s') };
    const context = box.context({ file: box.path('c'), env });
    for await (const { phones, settings } of everyProfile(context)) {
      expect(await settings(phones.get('p') ?? { host: '' })).toMatchObject({ password: 'hunter2' });
    }
  });
});

it.each([
  'phones: { p: { host: 10.0.0.1, password: K7,hunter2 } }',
  'phones: { p: { host: 10.0.0.1, password: K7,hunter2:more,4711 } }',
  'phones: { p: { host: 10.0.0.1, password:K7,hunter2 } }',
  'phones: { p: http://admin:K7,hunter2@10.0.0.1 }',
  'defaults: { user: admin, password: K7,hunter2 }',
  'credentials: { "@all": { user: admin, password: K7,hunter2 } }',
  'credentials: { "@all": admin:K7,hunter2 }',
  'simulator: { accounts: { "6001": { server: pbx, password: K7,hunter2 } } }',
  'simulator: { accounts: { "6001": { uri: sip:6001:K7,hunter2@pbx } } }',
  'listener: { port: 8088, token: 0123456789,hunter2 }',
  'listener: { port: 8088, token:0123456789,hunter2 }',
])('a part of a password without quotes is not shown: %s', async (text) => {
  const box = sandbox({ 'user/config.yaml': text });
  const { message, details } = await failure(box.load());
  const told = `${message} ${JSON.stringify(details)}`;
  expect(told).toContain('here is no value: write name: value, with a blank after the colon');
  expect(told).not.toMatch(/hunter2|more|4711/);
});

it.each([
  ['listener: { token: 0123456789,hunter2: }', '1:31 listener: unknown setting here;'],
  ['listener: { token: 0123456789,hunter2:, port: 8088 }', '1:31 listener: unknown setting here;'],
  ['credentials: { "@all": { user: admin, password: K7,hunter2: 4 } }', '1:52 credentials."@all": unknown'],
  ['defaults: { password: K7, hunter2 more: x }', '1:27 defaults: unknown setting here;'],
  ['defaults: { password: 4711, timeout: 1s, hunter2: x }', '1:42 defaults: unknown setting here;'],
  ['phones: { p: { host: http://admin:K7,hunter2: 3@10.0.0.1 } }', '1:38 phones.p: unknown setting here;'],
  ['phones: { p: "10.0.0.1", q: http://admin:K7,hunter2: 3@10.0.0.1 }', '1:45 phones: '],
  [
    'simulator: { accounts: { "1": { uri: sip:1:K7,hunter2: 3@pbx } } }',
    '1:47 simulator.accounts.1: unknown',
  ],
  ['credentials: { "@all": admin:K7,hunter2: 3 }', '1:33 credentials: '],
])('nor where a colon follows it: %s', async (text, place) => {
  const box = sandbox({ 'user/config.yaml': text });
  const { message, details } = await failure(box.load());
  const told = `${message} ${JSON.stringify(details).replaceAll('\\"', '"')}`;
  expect(told).toContain(`config.yaml:${place}`);
  expect(told).not.toMatch(/hunter2|more|4711/);
});

it.each([
  ['{ modle: A48, host: 10.0.0.1, password: x }', 'p.modle: unknown setting, did you mean model?'],
  [
    '{ host: "10.0.0.1:80", mac: 80:82:87:00:00:01, modle: A48 }',
    'p.modle: unknown setting, did you mean model?',
  ],
  ['{ host: http://10.0.0.1:80, modle: A48 }', 'p.modle: unknown setting, did you mean model?'],
  ['{ host: 10.0.0.1, password: "K7", modle: A48 }', 'p.modle: unknown setting, did you mean model?'],
  ['{ host: 10.0.0.1, password: K7, port: x }', 'p.port: '],
  ['\n    password: K7\n    modle: A48', 'p.modle: unknown setting, did you mean model?'],
])('other names are: %s', async (phone, told) => {
  const box = sandbox({ 'user/config.yaml': `phones:\n  p: ${phone}` });
  expect(JSON.stringify((await failure(box.load())).details)).toContain(told);
});

it('secrets are at most 16 MiB together', async () => {
  const names = Array.from({ length: 260 }, (_, index) => `user/s${index}`);
  const box = sandbox(Object.fromEntries(names.map((name) => [name, 'x'.repeat(64 * 1024)])));
  const read = secretReader(box.context());
  for (const name of names.slice(0, 256)) await read(box.path(name));
  expect(await failure(read(box.path('user/s256')))).toMatchObject({
    code: 'unreadable-file',
    details: { reason: 'it and the files before it are larger than 16 MiB together' },
  });
  expect(await read(box.path('user/s0'))).toHaveLength(64 * 1024);
});
