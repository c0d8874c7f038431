import { expect, it } from 'vitest';
import { EVENTS } from '../../../src/protocol/events.ts';
import { listener as startListener } from '../../simulator/listener.ts';
import { closedPort, rawServer } from '../../support/raw-server.ts';
import { FIRST_LINE, listOf, locked, setup, urlsOf } from './phones.ts';

const LISTENER = 'http://172.16.0.184:8088';
/** Begins like the listener, and is another. */
const OTHER = 'http://172.16.0.184/8088/x';
const HOLD = `${LISTENER}/holdUrl.xml?mac=$mac`;

it('shows what the pages of a phone say, and presses nothing', async () => {
  const { simulator, host } = await locked({ allow: ['127.0.0.1'], actionUrls: { hold: HOLD } });
  const { exitCode, stdout, stderr } = await setup(['show', host]);
  expect(stdout.split(/\n {2}|\n/)).toEqual([
    host,
    'model        A48',
    'firmware     2.2.5.45698',
    'MAC          80:82:87:00:00:01',
    `Action URLs  1 of 42, to ${LISTENER}`,
    'allow list   127.0.0.1',
    '',
  ]);
  expect(stderr).toBe(FIRST_LINE);
  expect(exitCode).toBe(0);
  expect(simulator.state('6001').presses).toBe(0);
});

it('writes the URLs of action-url list, which the phone uses at once, and says then that nothing is to be changed', async () => {
  const { host } = await locked();
  const { url, until, targets } = await startListener();
  const words = ['action-urls', url, '--to', host];
  const { exitCode, stdout, stderr } = await setup(words);
  expect(stdout).toBe(`${host}  ok  42 fields changed\n`);
  expect(stderr.startsWith(FIRST_LINE)).toBe(true);
  expect(exitCode).toBe(0);
  expect(Object.keys(await urlsOf(host))).toEqual(EVENTS.map(({ event }) => event));
  await fetch(`http://${host}/cgi-bin/server.cgi?key=SPEAKER`);
  await fetch(`http://${host}/_sim/lcd`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"press":"save"}',
  });
  await fetch(`http://${host}/cgi-bin/server.cgi?key=SPEAKER`);
  await until((heard) => heard.some((target) => target.startsWith('/offHookUrl.xml?mac=80:82:87:00:00:01')));
  expect(targets.length).toBeGreaterThan(0);
  await fetch(`http://${host}/cgi-bin/server.cgi?key=RELEASE`);
  const again = await setup(words);
  expect(again.stdout).toBe(`${host}  ok  nothing to change\n`);
  expect(again.exitCode).toBe(0);
});

it('shows the difference and writes nothing with --dry-run', async () => {
  const { host } = await locked({ actionUrls: { hold: 'http://10.0.0.1/old' } });
  const words = ['action-urls', LISTENER, '--to', host, '--only', 'hold,unHold', '--variables', 'mac'];
  const { exitCode, stdout } = await setup([...words, '--dry-run']);
  expect(stdout).toBe(`${host}
  holdUrl
    - http://10.0.0.1/old
    + ${HOLD}
  unHoldUrl
    + ${LISTENER}/unHoldUrl.xml?mac=$mac
`);
  expect(exitCode).toBe(0);
  expect(await urlsOf(host)).toEqual({ hold: 'http://10.0.0.1/old' });
});

it('empties only the fields that lead to the listener with --clear', async () => {
  const elsewhere = 'http://172.16.0.1:8088/x';
  const { host } = await locked({ actionUrls: { hold: HOLD, mute: elsewhere, unMute: OTHER } });
  const { stdout } = await setup(['action-urls', LISTENER, '--to', host, '--clear']);
  expect(stdout).toBe(`${host}  ok  1 field changed\n`);
  expect(await urlsOf(host)).toEqual({ mute: elsewhere, unMute: OTHER });
});

it('empties the fields that lead there, however its address is written', async () => {
  const urls = { hold: 'http://10.0.0.1:80/holdUrl.xml', mute: 'http://10.0.0.1:8080/muteUrl.xml' };
  const { host } = await locked({ actionUrls: urls });
  await setup(['action-urls', 'http://10.0.0.1', '--to', host, '--clear']);
  expect(await urlsOf(host)).toEqual({ mute: urls.mute });
});

/** A phone whose allow list is this text. */
const listed = (list: string) =>
  rawServer((socket) => {
    const page = JSON.stringify({ actionURIIPList: list });
    socket.end(`HTTP/1.0 200 OK\r\n\r\n${page}`);
  });

it('lets this computer in, whom the phone lets in at once, and out again', async () => {
  const { host } = await locked({ allow: ['127.0.0.9'], approved: true });
  const press = async () => (await fetch(`http://${host}/cgi-bin/server.cgi?key=RELEASE`)).status;
  expect(await press()).toBe(403);
  expect((await setup(['allow-list', '--add', '--to', host])).stdout).toBe(`${host}  ok  1 field changed\n`);
  expect(await press()).toBe(200);
  expect(await listOf(host)).toBe('127.0.0.9, 127.0.0.1');
  expect((await setup(['allow-list', '--add', '--to', host])).stdout).toBe(
    `${host}  ok  nothing to change\n`,
  );
  expect((await setup(['allow-list', '--remove', '127.0.0.1', '--yes-empty', '--to', host])).exitCode).toBe(
    0,
  );
  expect(await press()).toBe(403);
});

it.each([
  ['any', '172.16.0.184', 'any'],
  ['10.0.0.1, 172.16.0.*', '172.16.0.184', '172.16.0.*'],
  ['172.16.*', '172.16.0.184', '172.16.*'],
  ['172.16', '172.16.0.184', '172.16'],
  ['172.16.0.1-172.16.0.200', '172.16.0.184', '172.16.0.1-172.16.0.200'],
  ['172.16.0.1-200', '172.16.0.184', '172.16.0.1-200'],
  ['172.16.0.184, 172.16.0.x', '172.16.0.184', '172.16.0.x'],
  ['any, 0.0.0.0/0', 'any', '0.0.0.0/0'],
  ['any, *.*.*.*', 'any', '*.*.*.*'],
  ['172.16.0.-', '172.16.0.184', '172.16.0.-'],
  ['172.x.x.x', '172.16.0.184', '172.x.x.x'],
  ['172.16.0.0/255.255.255.0', '172.16.0.184', '172.16.0.0/255.255.255.0'],
  ['::ffff:172.16.0.0/120', '172.16.0.184', '::ffff:172.16.0.0/120'],
  ['All', '172.16.0.184', 'All'],
  [`${'*'.repeat(3000)}9`, '172.16.0.184', `${'*'.repeat(3000)}9`],
  ['172.16.0.0/24', '172.16.0.184', '172.16.0.0/24'],
  ['2001:db8::/32', '2001:db8::1', '2001:db8::/32'],
])('says no ok where %s still lets in %s', async (list, address, entry) => {
  const { host } = await listed(list);
  const { exitCode, stderr } = await setup(['allow-list', '--remove', address, '--to', host]);
  expect(exitCode).toBe(5);
  expect(stderr).toContain(`its list has "${entry}", which may let ${address} in as well`);
  expect(stderr).toContain('put single addresses in its place');
});

it.each([
  ['10.0.0.1, 172.16.1.*', '172.16.0.184'],
  ['phone.example, 3com.example, 172.17.0.0/16', '172.16.0.184'],
  ['172.16.0.185, 172.16.0.186., 2001:db8::1', '172.16.0.184'],
  ['172.16.0.0/24', '::1'],
  ['172.*.1.*', '172.16.0.184'],
  ['172.16.0.x, 10.0.0.1-9, 2.pbx.example.org', '10.0.0.10'],
  ['172.16.0.x, 172.16.0.1-9, 10.0.0.0/8, ::1', 'any'],
])('has nothing to remove where %s does not let in %s', async (list, address) => {
  const { host } = await listed(list);
  expect((await setup(['allow-list', '--remove', address, '--to', host])).stdout).toContain(
    'nothing to change',
  );
});

it.each([
  ['any, 10.0.0.0/8, 172.16.0.x, 172.16.0.1-9', 'any', '10.0.0.0/8,172.16.0.x,172.16.0.1-9'],
  ['172.16.0.1-9, 10.0.0.5, 2.pbx.example.org', '10.0.0.5', '172.16.0.1-9,2.pbx.example.org'],
])('removes from %s what no other entry lets in: %s', async (list, address, left) => {
  const { host, received } = await listed(list);
  await setup(['allow-list', '--remove', address, '--to', host]);
  expect(decodeURIComponent(received.join('\n'))).toContain(`actionURIIPList=${left}`);
});

it('removes an address however it is written', async () => {
  const { host, received } = await listed('10.0.0.1,2001:0DB8::1');
  await setup(['allow-list', '--remove', '2001:db8::1', '--to', host]);
  expect(received.join('\n')).toContain('actionURIIPList=10.0.0.1&');
});

it.each([
  [
    ['allow-list', '--add', 'any'],
    'any lets everyone on the network press the keys of these phones',
    'add --yes-any',
  ],
  [
    ['allow-list', '--add', 'phone.example'],
    '"phone.example" is not an IP address',
    'use one such as 172.16.0.184',
  ],
  [['allow-list'], 'use either --add or --remove', 'with an address'],
  [['allow-list', '--add', '::1', '--remove', '::2'], 'use either --add or --remove', 'with an address'],
])('refuses %j before anything is read', async (words, reason, hint) => {
  const { exitCode, stderr } = await setup([...words, '--to', `127.0.0.1:${await closedPort()}`]);
  expect(stderr).toContain(`error: ${reason} [usage]\n  Fix: ${hint}`);
  expect(exitCode).toBe(2);
});

it.each(['127.0.0.9', 'any'])('empties a list of %s only where that is meant', async (entry) => {
  const { host } = await listed(entry);
  const words = ['allow-list', '--remove', entry, '--to', host];
  const { exitCode, stderr } = await setup(words);
  expect(exitCode).toBe(5);
  expect(stderr).toContain('its list would be empty, and the phone would take keys from nobody');
  expect(stderr).toContain('  Fix: add --yes-empty');
  expect((await setup([...words, '--yes-empty', '--dry-run'])).exitCode).toBe(0);
});

it('lets everybody in where that is meant', async () => {
  const { host } = await locked({ allow: ['127.0.0.9'] });
  expect((await setup(['allow-list', '--add', 'any', '--yes-any', '--to', host])).exitCode).toBe(0);
  expect(await listOf(host)).toBe('any');
  expect((await setup(['allow-list', '--add', '--to', host])).stdout).toContain('nothing to change');
});

it('asks before it writes to many phones, and writes to none without --yes', async () => {
  const { all, hosts } = await locked({ phones: 11 });
  const words = ['action-urls', LISTENER, '--only', 'hold', '--to', all];
  const { exitCode, stderr } = await setup(words);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/this writes 1 Action URL pointing to .* on 127\.0\.0\.1:.*nothing was written/s);
  expect(await urlsOf(hosts[0] ?? '')).toEqual({});
  const agreed = await setup(words, { typed: 'yes\n' });
  expect(agreed.exitCode).toBe(0);
  expect(agreed.stdout).toMatch(/ \(11\) {2}ok {2}1 field changed\n$/);
});

it('tries a wrong password once a phone, and shows no password', async () => {
  const { host } = await locked();
  const { exitCode, stdout, stderr } = await setup(['show', host, '--debug', '--json'], {
    password: 'wrong one',
  });
  expect(exitCode).toBe(4);
  expect(stdout + stderr).not.toContain('wrong one');
  const again = await setup(['allow-list', '--add', '--to', host], { password: 'wrong one' });
  expect(again.exitCode).toBe(4);
  // The phone would be locked after three.
  expect((await setup(['show', host])).exitCode).toBe(0);
});

it('says where a password goes that is not there', async () => {
  const { host } = await locked();
  const { exitCode, stderr } = await setup(['show', host], { env: { ATCOM_PASSWORD_FILE: '' } });
  expect(exitCode).toBe(4);
  expect(stderr).toContain('asks for a user and a password (401)');
  expect(stderr).toContain('set ATCOM_PASSWORD_FILE');
});

it('leaves a phone in a call alone', async () => {
  const { hosts } = await locked({ phones: 2, approved: true });
  const [host = ''] = hosts;
  await fetch(`http://${host}/cgi-bin/server.cgi?key=6002;DIAL`);
  const { exitCode, stdout, stderr } = await setup([
    'allow-list',
    '--remove',
    'any',
    '--yes-empty',
    '--to',
    host,
    '--json',
  ]);
  expect(exitCode).toBe(5);
  expect(JSON.parse(stdout).results[0]).toMatchObject({
    outcome: 'busy',
    error: { code: 'busy', retryable: true },
  });
  expect(stderr).toBe(FIRST_LINE);
  expect(await listOf(host)).toBe('any');
});

it('does 100 phones, and has nothing to do the second time', async () => {
  const { all } = await locked({ phones: 100, allow: ['127.0.0.9'], latency: 1 });
  const words = ['--to', all, '--yes', '--serial', '1,10%,100%'];
  const show = () => setup(['show', all]);
  expect((await show()).stdout).toMatch(/ \(100\)\n.*none of 42\n {2}allow list {3}127\.0\.0\.9\n$/s);
  for (const change of [
    ['action-urls', LISTENER],
    ['allow-list', '--add'],
  ] as const) {
    expect((await setup([...change, ...words])).stdout).toMatch(
      / \(100\) {2}ok {2}(42 fields|1 field) changed\n$/,
    );
    expect((await setup([...change, ...words])).stdout).toMatch(/ \(100\) {2}ok {2}nothing to change\n$/);
  }
  expect((await show()).stdout).toMatch(
    / \(100\)\n.*42 of 42, to .*\n {2}allow list {3}127\.0\.0\.9, 127\.0\.0\.1\n$/s,
  );
});
