import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { eventEnvironment } from '../../src/cli/listen/sinks/exec.ts';
import { get, send } from '../receiver/raw.ts';
import { anyPort, emptyFolder, run } from './run.ts';

const SECRET = 'c0rrect-horse';

/** What an administrator may have set, and what another version of this program may know. */
const CREDENTIALS = {
  ATCOM_USER: `${SECRET}-user`,
  ATCOM_PASSWORD: SECRET,
  ATCOM_SIP_PASSWORD: SECRET,
  ATCOM_LISTENER_TOKEN: SECRET,
  ATCOM_QUEUE_URL: `redis://:${SECRET}@127.0.0.1`,
};

/** A folder whose user config holds a password, and the environment of somebody who has more of them. */
function administrator() {
  const cwd = emptyFolder();
  const user = join(cwd, '.user', 'atcom');
  mkdirSync(user, { recursive: true });
  const phone = `{ host: 127.0.0.1, auth: digest, user: admin, password: ${SECRET} }`;
  writeFileSync(join(user, 'config.yaml'), `phones: { lobby: ${phone} }\n`, { mode: 0o600 });
  return { cwd, env: { PATH: process.env['PATH'] ?? '', ATCOM_TO: 'lobby', ...CREDENTIALS } };
}

/** Listens for one event of the lobby, and passes it on. */
async function passOn(...words: string[]) {
  const surroundings = administrator();
  let listening = (_port: number) => {};
  const port = new Promise<number>((resolve) => {
    listening = resolve;
  });
  let written = '';
  const ended = run(['listen', ...anyPort(words), '--count', '1', ...words], {
    ...surroundings,
    watch: (_, text) => {
      written += text;
      const [, found] = /:(\d+)\. Ctrl-C/.exec(written) ?? [];
      if (found !== undefined) listening(Number(found));
    },
  });
  await send(await port, get(`/holdUrl.xml?token=${SECRET}`));
  return ended;
}

it('gives no credential to a command', async () => {
  const file = join(emptyFolder(), 'environment');
  const { exitCode, stdout, stderr } = await passOn('--exec', `env > ${file}`);
  const environment = readFileSync(file, 'utf8');
  expect(exitCode).toBe(0);
  expect(environment).toContain('ATCOM_EVENT=hold');
  expect(environment).toContain('ATCOM_PHONE=lobby');
  expect(environment).toContain('ATCOM_TO=lobby');
  expect(environment + stdout + stderr).not.toContain(SECRET);
});

it('knows by name what it passes on, and no other setting', () => {
  const event = { time: '', event: 'hold', phone: 'p', source: '127.0.0.1', path: '/', values: {} } as const;
  const own = { ATCOM_PASSWORD_FILE: SECRET, Atcom_Password: SECRET, ATCOM_CONFIG: 'c.yaml' };
  const env = { ...CREDENTIALS, ...own, LANG: 'C' };
  const passed = eventEnvironment(event, env);
  expect(passed).toMatchObject({ ATCOM_CONFIG: 'c.yaml', LANG: 'C', ATCOM_EVENT: 'hold' });
  expect(Object.keys(passed).filter((name) => name in CREDENTIALS || name.includes('PASSWORD'))).toEqual([]);
  expect(JSON.stringify(passed)).not.toContain(SECRET);
});

it.each(['http://u:hunter2@127.0.0.1:7', 'lobby,u:hunter2@127.0.0.1', 'http://hunter2@127.0.0.1'])(
  'passes on no target with a user or a password: %s',
  (to) => {
    const event = {
      time: '',
      event: 'hold',
      phone: 'p',
      source: '127.0.0.1',
      path: '/',
      values: {},
    } as const;
    expect(eventEnvironment(event, { ATCOM_TO: to, ATCOM_DELAY: '1s' })).not.toHaveProperty('ATCOM_TO');
    expect(eventEnvironment(event, { ATCOM_TO: 'lobby,@floor1' })).toHaveProperty(
      'ATCOM_TO',
      'lobby,@floor1',
    );
  },
);

it('passes on nothing that a terminal or a build server would obey', () => {
  const values = {
    remote: 'sip:\u001b]0;x\u0007\n\u009b1m\u202e6001',
    local: '\n::error::x',
    display_remote: 'a #\u001b#vso[task.setvariable variable=PATH]/x',
    'o\u009bdd': '',
  };
  const event = {
    time: '',
    event: 'hold',
    phone: 'p\u001b',
    source: '127.0.0.1',
    path: '/',
    values,
  } as const;
  const passed = eventEnvironment(event, {});
  expect(passed).toMatchObject({
    ATCOM_REMOTE: 'sip:]0;x1m6001',
    ATCOM_LOCAL: '\\u003a:error::x',
    ATCOM_DISPLAY_REMOTE: 'a #\\u0023vso[task.setvariable variable=PATH]/x',
    ATCOM_PHONE: 'p',
  });
  const json = JSON.parse(passed['ATCOM_JSON'] ?? '');
  expect(json).toMatchObject({ event: 'hold', phone: 'p', path: '/', source: '127.0.0.1' });
  expect(json.values).toEqual({
    remote: passed['ATCOM_REMOTE'],
    local: passed['ATCOM_LOCAL'],
    display_remote: passed['ATCOM_DISPLAY_REMOTE'],
    odd: '',
  });
  expect(JSON.stringify(passed)).not.toMatch(/##vso/);
  expect(JSON.stringify(passed)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

it('gives no credential to a webhook', async () => {
  const requests: string[] = [];
  const hook = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      requests.push(`${request.url} ${request.rawHeaders.join(' ')} ${body}`);
      response.end();
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void hook.close());
  const { port } = hook.address() as AddressInfo;
  const { exitCode } = await passOn('--webhook', `http://127.0.0.1:${port}/events`);
  expect(exitCode).toBe(0);
  expect(requests).toHaveLength(1);
  expect(requests[0]).toContain('"phone":"lobby"');
  expect(requests[0]).not.toContain(SECRET);
  expect(requests[0]).not.toMatch(/authorization/i);
});
