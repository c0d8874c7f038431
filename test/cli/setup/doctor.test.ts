import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { old, pageServer } from '../../setup/pages.ts';
import { emptyFolder, run } from '../run.ts';
import { locked, setup } from './phones.ts';

interface Check {
  readonly check: string;
  readonly level: string;
  readonly message: string;
  readonly remedy?: string;
}

const LISTENER = 'http://172.16.0.184:8088';

/** Examines a phone, and returns what its pages tell. */
async function pagesOf(
  host: string,
  words: readonly string[] = [],
  config = '',
  user = 'admin',
  secret = '',
  listener = `{ url: "${LISTENER}" }`,
) {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'password'), 'correct horse', { mode: 0o600 });
  writeFileSync(
    join(cwd, 'c.yaml'),
    `{ phones: { desk: { host: "${host}" ${config} } }, listener: ${listener} }`,
  );
  const env = {
    ATCOM_PASSWORD_FILE: join(cwd, 'password'),
    ATCOM_CONFIG: join(cwd, 'c.yaml'),
    ATCOM_USER: user,
    ATCOM_LISTENER_TOKEN: secret,
  };
  const { stdout, exitCode } = await run(['doctor', 'desk', '--port', '0', '--json', ...words], { cwd, env });
  const checks: readonly Check[] = JSON.parse(stdout).results[0].checks;
  return { exitCode, of: (name: string) => checks.find(({ check }) => check === name) };
}

it('says which Action URLs are missing or wrong, and that the list lacks this computer', async () => {
  const actionUrls = { hold: 'http://10.0.0.1/holdUrl.xml', mute: `${LISTENER}/unMuteUrl.xml` };
  const { host } = await locked({ allow: ['127.0.0.9'], actionUrls });
  const { of } = await pagesOf(host);
  expect(of('web-page')).toMatchObject({ level: 'ok' });
  expect(of('firmware')).toMatchObject({ level: 'ok', message: '2.2.5.45698 (A48)' });
  expect(of('action-urls')).toEqual({
    check: 'action-urls',
    level: 'warning',
    message: `42 of 42 do not point to ${LISTENER}: setupCompleted, registered, unregistered …`,
    remedy: `atcom setup action-urls ${LISTENER} --to desk`,
  });
  expect(of('ip-list')).toMatchObject({
    level: 'warning',
    remedy: expect.stringMatching(/^atcom setup allow-list --add --to desk;/),
  });
});

it('has nothing to say once its remedies were followed', async () => {
  const { host } = await locked({ allow: ['127.0.0.9'], approved: true });
  await setup(['action-urls', LISTENER, '--to', host, '--only', 'hold,mute']);
  await setup(['allow-list', '--add', '--to', host]);
  const { exitCode, of } = await pagesOf(host, [], ', events: [hold, mute]');
  expect(of('action-urls')).toEqual({ check: 'action-urls', level: 'ok', message: `2 point to ${LISTENER}` });
  expect(of('ip-list')).toMatchObject({ level: 'ok' });
  expect(exitCode).toBe(0);
});

it.each([
  ['{}', 'warning', '1 of 2 are not filled in'],
  ['{ hold, mute }', 'skipped', '2 are filled in; nothing says where they should point'],
])('without the URL of a listener, knows only what is filled in: %s', async (filled, level, message) => {
  const both = { hold: 'http://10.0.0.1/holdUrl.xml', mute: 'http://10.0.0.1/muteUrl.xml' };
  const { host } = await locked({ actionUrls: filled === '{}' ? { hold: both.hold } : both, approved: true });
  const { of } = await pagesOf(host, [], ', events: [hold, mute]', 'admin', '', '{}');
  expect(of('action-urls')).toMatchObject({ level, message: expect.stringContaining(message) });
  expect(of('credentials')).toMatchObject({
    level: 'ok',
    message: 'keys: none were asked for; those that are set are for its web page',
  });
});

it('looks at the pages without a key, too, and at none without a password', async () => {
  const { host } = await locked();
  expect((await pagesOf(host, ['--no-key'])).of('web-page')).toMatchObject({ level: 'ok' });
  expect((await pagesOf(host, [], '', 'bob')).of('web-page')).toMatchObject({ level: 'warning' });
  const { stdout } = await run(['doctor', host, '--port', '0', '--json']);
  expect(stdout).not.toContain('web-page');
});

it('recognises another phone by its status page, if nothing else does', async () => {
  const { host } = await locked({ approved: true });
  const { exitCode, of } = await pagesOf(host, [], ', auth: digest, mac: "80:82:87:00:00:99"');
  expect(exitCode).toBe(2);
  expect(of('mac')).toMatchObject({
    level: 'problem',
    message: 'this is another phone: its status page: 80:82:87:00:00:01; the config: 80:82:87:00:00:99',
  });
});

it('says that a firmware is too old', async () => {
  const { server } = await pageServer(({ command }) =>
    command === 'status_get' ? old('{"firmware":"1.6.3"}') : old('{"a":"b"}'),
  );
  const { of } = await pagesOf(server.host);
  expect(of('firmware')).toMatchObject({ level: 'warning', message: '1.6.3: remote control needs 2.x' });
});

it('misses the secret of the listener in an Action URL', async () => {
  const actionUrls = { hold: `${LISTENER}/holdUrl.xml?mac=$mac` };
  const { host } = await locked({ actionUrls });
  const only = ', events: [hold]';
  expect((await pagesOf(host, [], only)).of('action-urls')).toMatchObject({ level: 'ok' });
  expect((await pagesOf(host, [], only, 'admin', 'abcdefgh')).of('action-urls')).toMatchObject({
    level: 'warning',
  });
});

it('advises no address for the secret of the listener that only an untrusted project names', async () => {
  const { host } = await locked({ allow: ['127.0.0.1'], actionUrls: {} });
  const cwd = emptyFolder();
  const own = join(cwd, '.user/atcom');
  mkdirSync(own, { recursive: true });
  writeFileSync(join(cwd, 'password'), 'correct horse', { mode: 0o600 });
  writeFileSync(join(own, 'config.yaml'), `phones: { desk: "${host}" }`);
  writeFileSync(join(cwd, 'atcom.config.yaml'), `listener: { url: "http://evil.example:8088" }`);
  const env = { ATCOM_PASSWORD_FILE: join(cwd, 'password'), ATCOM_LISTENER_TOKEN: 'abcdefgh' };
  const { stdout } = await run(['doctor', 'desk', '--port', '0'], { cwd, env });
  expect(stdout).not.toContain('evil.example');
  expect(stdout).toContain(`atcom config trust ${join(cwd, 'atcom.config.yaml')}`);
});
