import { createHash } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { type SimulatorOptions, startSimulator } from '../../../src/simulator/index.ts';
import { newWebLock } from '../../../src/simulator/web-pages/lock.ts';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const CGI = '/cgi-bin/web_cgi_main.cgi';
const URI = `${CGI}?status_get`;

/** Answers a challenge as RFC 7616 says, in words of this test alone. */
function answerTo(challenge: string, password: string, user = 'admin'): string {
  const nonce = /nonce="(\w+)"/.exec(challenge)?.[1] ?? '';
  const response = md5(`${md5(`${user}:ATCOM:${password}`)}:${nonce}:00000001:c:auth:${md5(`GET:${URI}`)}`);
  return `Digest username="${user}", realm="ATCOM", nonce="${nonce}", uri="${URI}", qop=auth, nc=00000001, cnonce="c", response="${response}"`;
}

async function phone(options: SimulatorOptions = {}) {
  const simulator = await startSimulator(options);
  onTestFinished(() => simulator.close());
  const url = simulator.phones[0]?.url ?? '';
  const post = async (command: string, body: string, headers = {}) =>
    (await fetch(`${url}${CGI}?${command}`, { method: 'POST', body, headers })).json();
  const get = async (command: string) => (await fetch(`${url}${CGI}?${command}`)).json();
  return { simulator, url, post, get };
}

const READ = 'user_get_phone_action_url';
const WRITE = 'user_set_phone_action_url';
const HOLD = 'http://172.16.0.184:8088/holdUrl.xml?mac=$mac';

it('is read by GET and by POST, and returns its fields in order', async () => {
  const { get, post } = await phone({ actionUrls: { hold: HOLD } });
  const fields = (await get(READ)) as Record<string, string>;
  expect(Object.keys(fields)).toHaveLength(42);
  expect([Object.keys(fields)[0], fields['holdUrl'], fields['muteUrl']]).toEqual([
    'setupCompletedUrl',
    HOLD,
    '',
  ]);
  expect(await post(READ, READ)).toEqual(fields);
  expect(await post(READ, '')).toMatchObject({ return_code: 1 });
  expect(await get('user_get_phone_ver')).toEqual({ version: '2.2.5.45698' });
  expect(await get('user_get_nothing')).toMatchObject({ return_code: 1 });
});

it('stores fields, says when nothing differs, and accepts no invalid value', async () => {
  const { get, post } = await phone();
  const form = `holdUrl=${encodeURIComponent(HOLD)}&${WRITE}`;
  expect(await post(WRITE, form)).toEqual({ return_code: 0, return_prompt: '' });
  expect(await get(READ)).toMatchObject({ holdUrl: HOLD });
  expect(await post(WRITE, form)).toMatchObject({ return_code: 3 });
  expect(await post(WRITE, `holdUrl=ftp%3A%2F%2Fx&${WRITE}`)).toMatchObject({ return_code: 5 });
  expect(await post(WRITE, `nothingUrl=x&${WRITE}`)).toMatchObject({ return_code: 5 });
  expect(await post(WRITE, `holdUrl=&muteUrl=x`)).toMatchObject({ return_code: 1 });
  expect(await post('status_set_', 'x')).toMatchObject({ return_code: 1 });
  expect(await get(READ)).toMatchObject({ holdUrl: HOLD });
});

it('stores the switches next to the allow list', async () => {
  const { get, post } = await phone({ allow: ['10.0.0.1'] });
  const command = 'user_set_phone_remote_control_config_url';
  expect(await post(command, `cstaControl=1&actionURIIPList=10.0.0.2&${command}`)).toMatchObject({
    return_code: 0,
  });
  expect(await get('user_get_phone_remote_control_config_url')).toEqual({
    actionURIIPList: '10.0.0.2',
    remoteControl: '1',
    cstaControl: '1',
  });
  expect(await post(command, `actionURIIPList=x&${command}`)).toMatchObject({ return_code: 5 });
});

it('changes nothing in a call', async () => {
  const { url, post } = await phone({ phones: 2, approved: true });
  await fetch(`${url}/cgi-bin/server.cgi?key=6002;DIAL`);
  expect(await post(WRITE, `holdUrl=&${WRITE}`)).toMatchObject({ return_code: 4 });
});

it('cannot be written by a form on another site', async () => {
  const { url, get } = await phone();
  const foreign = { origin: 'http://evil.example', 'content-type': 'application/x-www-form-urlencoded' };
  const form = { method: 'POST', headers: foreign, body: `holdUrl=${encodeURIComponent(HOLD)}&${WRITE}` };
  expect((await fetch(`${url}${CGI}?${WRITE}`, form)).status).toBe(403);
  expect(await get(READ)).toMatchObject({ holdUrl: '' });
});

it('is known by its picture without a password, and says that it is up', async () => {
  const { url } = await phone({ web: { password: 'secret' } });
  expect((await fetch(`${url}/images/earth.png`)).status).toBe(200);
  expect((await fetch(`${url}/cgi-bin/server_test.cgi`, { method: 'POST' })).status).toBe(200);
  expect((await fetch(`${url}${URI}`)).status).toBe(401);
});

/** A lock, and the time that it sees. */
function lockAt() {
  const clock = { ms: 0 };
  const lock = newWebLock({ user: 'admin', password: 'secret' }, () => clock.ms);
  const challenge = () => {
    const reply = lock.refuse('GET', URI, undefined);
    return (typeof reply === 'object' && reply.headers?.['WWW-Authenticate']) || '';
  };
  const attempt = (password: string) => lock.refuse('GET', URI, answerTo(challenge(), password));
  return { clock, lock, challenge, attempt };
}

it('accepts an answer to its challenge for this request only', () => {
  const { lock, challenge, attempt } = lockAt();
  expect(challenge()).toContain('qop="auth"');
  expect(attempt('secret')).toBeUndefined();
  const header = answerTo(challenge(), 'secret');
  expect(lock.refuse('POST', URI, header)).toMatchObject({ status: 401 });
  expect(lock.refuse('GET', `${URI}x`, header)).toMatchObject({ status: 401 });
  expect(lock.refuse('GET', URI, 'Basic YWRtaW46c2VjcmV0')).toMatchObject({ status: 401 });
});

it('knows a user and a password beyond ASCII by their bytes, in UTF-8', () => {
  const lock = newWebLock({ user: 'müller', password: 'größe' });
  const reply = lock.refuse('GET', URI, undefined);
  const challenge = (typeof reply === 'object' && reply.headers?.['WWW-Authenticate']) || '';
  const header = answerTo(challenge, 'größe', 'müller');
  expect(lock.refuse('GET', URI, Buffer.from(header).toString('latin1'))).toBeUndefined();
});

it('takes an answer that is no number for a wrong one', () => {
  const { lock, challenge } = lockAt();
  const header = answerTo(challenge(), 'secret').replace(/(?<=response=")\w+/, 'é'.repeat(32));
  expect(lock.refuse('GET', URI, header)).toMatchObject({ status: 401 });
});

it('closes for three minutes after three wrong passwords', () => {
  const { clock, attempt } = lockAt();
  attempt('a');
  attempt('b');
  expect(attempt('secret')).toBeUndefined();
  attempt('a');
  attempt('b');
  expect(attempt('c')).toEqual({ status: 401, body: 'Please try again in 3 minutes\n' });
  expect(attempt('secret')).toMatchObject({ body: 'Please try again in 3 minutes\n' });
  clock.ms = 180_000;
  expect(attempt('secret')).toBeUndefined();
});
