import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { old, pageServer } from '../../setup/pages.ts';
import { closedPort } from '../../support/raw-server.ts';
import { emptyFolder } from '../run.ts';
import { FIRST_LINE, listOf, locked, setup } from './phones.ts';

const ADD = ['allow-list', '--add', '172.16.0.184'];

/** A phone whose list can be changed, and what is called before it takes a write. */
async function phoneThat(beforeWrite: () => void = () => undefined) {
  let list = '';
  const { server, requests } = await pageServer(({ command, form }) => {
    if (!command.includes('_set_')) return old(JSON.stringify({ actionURIIPList: list }));
    beforeWrite();
    list = new URLSearchParams(form).get('actionURIIPList') ?? '';
    return old('{"return_code":0}');
  });
  return { host: server.host, requests, list: () => list };
}

it('finishes what was started at Ctrl-C, starts nothing else, and reports both', async () => {
  const stop = new AbortController();
  const first = await phoneThat(() => stop.abort());
  const second = await phoneThat();
  const to = ['--to', `${first.host},${second.host}`, '--jobs', '1'];
  const { exitCode, stdout } = await setup([...ADD, ...to], { signal: stop.signal });
  expect(exitCode).toBe(130);
  expect(stdout).toMatch(/^127.* ok +1 field changed\n127.* skipped\n$/);
  expect([first.list(), second.list()]).toEqual(['172.16.0.184', '']);
  expect(second.requests).toHaveLength(1);
});

it('asks nothing and writes nothing if Ctrl-C came while it was reading', async () => {
  const { all } = await locked({ phones: 11 });
  const stop = new AbortController();
  stop.abort();
  const { exitCode, stdout } = await setup([...ADD, '--to', all], { signal: stop.signal });
  expect(exitCode).toBe(130);
  expect(stdout).toMatch(/\(11\) {2}skipped\n$/);
});

it('writes to no phone with --fail-fast where one cannot even be read', async () => {
  const { host } = await locked({ allow: ['10.0.0.1'] });
  const gone = `127.0.0.1:${await closedPort()}`;
  const { exitCode, stdout } = await setup([...ADD, '--to', `${host},${gone}`, '--fail-fast', '--json']);
  expect(exitCode).toBe(3);
  const outcomes = JSON.parse(stdout).results.map(({ outcome }: { outcome: string }) => outcome);
  expect(outcomes).toEqual(['skipped', 'unreachable']);
  expect(await listOf(host)).toBe('10.0.0.1');
});

it('ends before the next wave if too many of one failed', async () => {
  const { simulator, hosts, all } = await locked({
    phones: 3,
    web: { variant: 'forgets' },
    allow: ['10.0.0.1'],
  });
  const { exitCode, stdout } = await setup([...ADD, '--to', all, '--serial', '1,100%']);
  expect(exitCode).toBe(6);
  expect(stdout.match(/unconfirmed|skipped/g)).toEqual(['unconfirmed', 'skipped', 'skipped']);
  expect(hosts).toHaveLength(simulator.phones.length);
});

it('writes a line a phone with --ndjson, and a report file', async () => {
  const { hosts, all } = await locked({ phones: 2, allow: ['10.0.0.1'] });
  await setup([...ADD, '--to', hosts[0] ?? '']);
  const cwd = emptyFolder();
  const { stdout, stderr } = await setup(
    [...ADD, '--to', all, '--ndjson', '--report', `junit:${join(cwd, 's.xml')}`],
    {
      cwd,
    },
  );
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { host: hosts[0], outcome: 'ok', changes: [] },
    {
      host: hosts[1],
      outcome: 'ok',
      changes: [{ field: 'actionURIIPList', from: '10.0.0.1', to: '10.0.0.1,172.16.0.184' }],
    },
  ]);
  expect(stderr).toBe(`${FIRST_LINE}2 phones: 2 ok\n`);
  expect(readFileSync(join(cwd, 's.xml'), 'utf8')).toContain(
    '<testsuite name="atcom setup allow-list" tests="2"',
  );
});

it('shows each way in which phones differ once, and the secret of a listener never', async () => {
  const actionUrls = { hold: 'http://10.0.0.1/h?token=hunter22&mac=$mac' };
  const [{ all }, { host }] = [await locked({ phones: 9, actionUrls }), await locked()];
  const words = ['action-urls', 'http://172.16.0.184:8088', '--only', 'hold', '--variables', 'mac'];
  const { stdout } = await setup([...words, '--to', `${all},${host}`, '--dry-run']);
  expect(stdout).toMatch(
    /^127\.0\.0\.1:.* \(9\)\n {2}holdUrl\n {4}- http:\/\/10\.0\.0\.1\/h\?token=\*\*\*&mac=\$mac\n {4}\+ .*\n127.*\n {2}holdUrl\n {4}\+ http/,
  );
  expect(stdout).not.toContain('hunter22');
});

it('prints the URLs that show would read', async () => {
  const { stdout } = await setup(['show', '172.16.0.57', '--dry-run']);
  expect(stdout.split('\n')).toContain('http://172.16.0.57/cgi-bin/web_cgi_main.cgi?status_get');
});

it('reports in show what is not recognised, and folds phones that say the same', async () => {
  const { all } = await locked({ phones: 9, web: { variant: 'nested' } });
  const { exitCode, stdout } = await setup(['show', all]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(
    / \(9\)\n {2}model +not recognised\n.*\n {2}MAC +not recognised\n {2}Action URLs +not recognised\n/,
  );
});

it.each(['default: "%"', 'phones: { desk: "%" }\ndefault: desk'])(
  "sends the listener's token to no address that only a project file names: %s",
  async (config) => {
    const { host, requests } = await phoneThat();
    const cwd = emptyFolder();
    writeFileSync(join(cwd, '.atcomrc.yaml'), config.replace('%', host));
    const env = { ATCOM_LISTENER_TOKEN: 'a-secret-of-some-length', ATCOM_PASSWORD_FILE: '' };
    const words = ['action-urls', 'http://127.0.0.1:8088', '--yes', '--only', 'offHook'];
    const { exitCode, stderr } = await setup(words, { cwd, env });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('where the token of your listener would go');
    expect(requests).toEqual([]);
  },
);

it('leaves no virtual phone behind where the settings of another cannot be read', async () => {
  const servers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length;
  const before = servers();
  const env = { ATCOM_PASSWORD_FILE: '/nonexistent' };
  const { exitCode } = await setup(['show', '--to', 'virtual,127.0.0.1:1'], { env });
  expect([exitCode, servers()]).toEqual([2, before]);
});
