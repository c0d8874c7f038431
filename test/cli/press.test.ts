import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Context } from '../../src/cli/context.ts';
import { keyStep } from '../../src/cli/press/job.ts';
import { press } from '../../src/cli/press/press.ts';
import { AtcomError } from '../../src/errors.ts';
import { parseSequence } from '../../src/protocol/sequence.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import { closedPort, rawServer } from '../support/raw-server.ts';
import { emptyFolder, run } from './run.ts';

/** Virtual phones for one test. */
async function phones(count: number, options: Parameters<typeof startSimulator>[0] = {}) {
  const simulator = await startSimulator({ phones: count, approved: true, ...options });
  onTestFinished(() => simulator.close());
  return { simulator, hosts: simulator.phones.map(({ host }) => host) };
}

/** A folder with a config file. */
function configured(yaml: string): string {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'atcom.config.yaml'), yaml);
  return folder;
}

describe('pressing keys', () => {
  it('dials one virtual phone from another, and says so in one line', async () => {
    const { simulator, hosts } = await phones(2);
    const result = await run(['dial', '6002', '--line', '1', '--to', hosts[0] ?? '']);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout).toMatch(/^127\.0\.0\.1:\d+ {2}ok {2}\d+ ms\n$/);
    expect(simulator.state('6002').state).toBe('ringing');
  });

  it('needs no config and no phone with --to virtual', async () => {
    const result = await run(['dial', '6040', '--line', '2', '--to', 'virtual', '--json']);
    expect(result.exitCode).toBe(0);
    expect(JSON.parse(result.stdout)).toMatchObject({
      schema: 'atcom/1',
      command: 'dial',
      ok: true,
      exitCode: 0,
      summary: { phones: 1, ok: 1, failed: 0, skipped: 0, ms: expect.any(Number) },
      results: [
        {
          phone: 'virtual-1',
          host: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
          outcome: 'ok',
          ms: expect.any(Number),
          requests: [
            {
              url: expect.stringMatching(/\/cgi-bin\/server\.cgi\?key=LINEKEY2;6040;SEND$/),
              outcome: 'ok',
              status: 200,
              ms: expect.any(Number),
            },
          ],
        },
      ],
    });
  });

  it('stops at the prompt, then goes on once a person pressed Save', async () => {
    const { simulator, hosts } = await phones(2, { approved: false });
    const words = ['dial', '6002', '--to', hosts[0] ?? ''];
    const first = await run(words);
    expect(first.exitCode).toBe(4);
    expect(first.stderr).toContain('Allow Remote Control?');
    expect(first.stderr).toContain('Fix: press Save');
    expect(simulator.state('6001').state).toBe('idle');
    expect(simulator.answerPrompt('6001', 'save')).toBe(true);
    expect((await run(words)).exitCode).toBe(0);
    expect(simulator.state('6001').state).toBe('calling');
  });

  it('keeps asking with --wait-approval, and presses once', async () => {
    const { simulator, hosts } = await phones(1, {
      approved: false,
      onHappening: ({ kind }) => {
        if (kind === 'remoteControlAsked') setImmediate(() => simulator.answerPrompt('6001', 'save'));
      },
    });
    const result = await run(['volume', 'up', '--to', hosts[0] ?? '', '--wait-approval', '30s']);
    expect(result.exitCode).toBe(0);
    expect(simulator.state('6001').presses).toBe(1);
  });

  it('knows an asking phone by its setting, where firmware asks with a 200', async () => {
    const { hosts } = await phones(1, { approved: false, promptReply: 200 });
    const cwd = configured(
      `phones: { lab: { host: "${hosts[0]}", approval: { body: Allow Remote Control } } }`,
    );
    expect((await run(['hold', '--to', 'lab'], { cwd })).exitCode).toBe(4);
  });

  it('serves several phones and folds their outcomes into one exit code', async () => {
    const { hosts } = await phones(2);
    const refused = `127.0.0.1:${await closedPort()}`;
    const result = await run(['key', 'MUTE', '--to', [...hosts, refused].join(',')]);
    expect(result.exitCode).toBe(3);
    expect(result.stdout.split('\n').filter((line) => line.includes('  ok  '))).toHaveLength(2);
    expect(result.stderr).toContain('connection refused');
    expect(result.stderr).toContain('3 phones: 2 ok, 1 unreachable');
  });

  it('ends with 1 when phones fail in several ways', async () => {
    const silent = await rawServer((socket) => socket.end());
    const refused = `127.0.0.1:${await closedPort()}`;
    const result = await run(['key', 'MUTE', '--to', `${silent.host},${refused}`]);
    expect(result.exitCode).toBe(1);
  });

  it('serves that many phones at the same time, and never one phone twice at once', async () => {
    let [open, most] = [0, 0];
    const servers = await Promise.all(
      Array.from({ length: 10 }, () =>
        rawServer((socket) => {
          open += 1;
          most = Math.max(most, open);
          setTimeout(() => {
            open -= 1;
            socket.end('HTTP/1.1 200 OK\r\n\r\n');
          }, 50);
        }),
      ),
    );
    const to = servers.map(({ host }) => host).join(',');
    const result = await run(['key', 'HOLD', 'wait:1ms', 'RESUME', '--to', to, '--jobs', '4']);
    expect(result.exitCode).toBe(0);
    expect(most).toBe(4);
    expect(servers.map(({ connections }) => connections)).toEqual(Array(10).fill(2));
  });

  it('sends each key as its own request with --delay', async () => {
    const server = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    await run(['key', 'LK2', '6040', 'SEND', '--delay', '1ms', '--to', server.host]);
    expect(server.received.map((request) => /key=(\S*)/.exec(request)?.[1])).toEqual([
      'LINEKEY2',
      '6040',
      'SEND',
    ]);
  });

  it('skips the rest after a failure, and warns that the first keys were pressed', async () => {
    let answers = ['HTTP/1.1 200 OK\r\n\r\n', ''];
    const server = await rawServer((socket) => {
      socket.end(answers[0] ?? '');
      answers = answers.slice(1);
    });
    const words = ['key', 'HOLD', 'wait:1ms', 'RESUME', 'wait:1ms', 'MUTE', '--to', server.host];
    const result = await run([...words, '--json']);
    const [report] = JSON.parse(result.stdout).results;
    expect(result.exitCode).toBe(7);
    expect(report.requests.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'ok',
      'unknown',
      'skipped',
    ]);
    expect(report.error).toMatchObject({
      code: 'partial',
      retryable: false,
      message: expect.stringContaining('the next may have been: '),
    });
    expect(server.connections).toBe(2);
  });

  it.each([
    ['asks', 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'],
    ['wants a password', 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n'],
    ['refuses', 'HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n'],
  ])('never calls a phone untouched that %s after its first keys', async (_, later) => {
    let answers = ['HTTP/1.1 200 OK\r\n\r\n', later];
    const server = await rawServer((socket) => {
      socket.end(answers[0] ?? '');
      answers = answers.slice(1);
    });
    const to = ['--to', server.host, '--retry', '3'];
    const result = await run(['key', 'HOLD', 'wait:1ms', 'RESUME', ...to, '--json']);
    const { exitCode, results } = JSON.parse(result.stdout);
    expect([result.exitCode, exitCode]).toEqual([7, 7]);
    expect(results[0]).toMatchObject({
      outcome: 'partial',
      error: { code: 'partial', retryable: false },
    });
    expect(result.stdout).not.toContain('requests were carried out; nothing was sent');
    expect(server.connections).toBe(2);
  });

  it('sends nothing to anybody when one phone does not have the key', async () => {
    const server = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    const cwd = configured(
      `phones: { big: { host: "${server.host}", model: A68 }, small: { host: 127.0.0.2, model: A21 } }`,
    );
    const result = await run(['dial', '6040', '--line', '5', '--all'], { cwd });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('A21 has no key "LINEKEY5"; it has LINEKEY1–2');
    expect(server.connections).toBe(0);
  });

  it('takes flags over the environment over the config', async () => {
    const cwd = configured('phones: { p: { host: 127.0.0.1, delay: 3s } }');
    const words = ['key', 'HOLD', 'RESUME', '--to', 'p', '--dry-run'];
    expect((await run(words, { cwd })).stdout).toContain('# wait 3s');
    expect((await run(words, { cwd, env: { ATCOM_DELAY: '2s' } })).stdout).toContain('# wait 2s');
    expect((await run([...words, '--delay', '1s'], { cwd, env: { ATCOM_DELAY: '2s' } })).stdout).toContain(
      '# wait 1s',
    );
  });
});

describe('before anything is sent', () => {
  const reboot = ['reboot', '--to', '127.0.0.1:1'];

  it('a script needs --yes for a destructive key, in any spelling', async () => {
    for (const words of [
      reboot,
      ['key', 'reboot', '--to', '127.0.0.1:1'],
      ['key', '--raw', 'REBOOT', '--to', '127.0.0.1:1'],
    ]) {
      const result = await run(words);
      expect(result.exitCode).toBe(2);
      expect(result.stderr).toContain('--yes');
    }
  });

  it('a script needs --yes for more than 10 phones', async () => {
    const to = Array.from({ length: 11 }, (_, index) => `127.0.1.${index + 1}:1`).join(',');
    expect((await run(['hold', '--to', to])).exitCode).toBe(2);
    expect((await run(['hold', '--to', to, '--yes'])).exitCode).toBe(3);
  });

  it.each([
    ['yes\n', 3],
    ['no\n', 2],
    ['\n', 2],
    ['', 2],
  ])('a person who types %j ends with %i', async (typed, exitCode) => {
    const result = await run(reboot, { typed });
    expect(result.exitCode).toBe(exitCode);
    expect(result.stderr).toContain('this presses REBOOT on 127.0.0.1:1');
  });

  it('opens no socket with --dry-run, not even for a destructive key', async () => {
    const server = await rawServer((socket) => socket.end());
    const result = await run(['reboot', '--to', server.host, '--dry-run']);
    expect(result).toMatchObject({
      exitCode: 0,
      stdout: `http://${server.host}/cgi-bin/server.cgi?key=REBOOT\n`,
    });
    expect(server.connections).toBe(0);
  });

  it('says the same as JSON', async () => {
    const result = await run(['dial', '6040', '--to', '172.16.0.57', '--dry-run', '--json']);
    expect(JSON.parse(result.stdout)).toMatchObject({
      ok: true,
      exitCode: 0,
      dryRun: true,
      summary: { skipped: 1 },
    });
  });

  it('prints curl lines that hold no password', async () => {
    const cwd = emptyFolder();
    const env = { ATCOM_CONFIG: join(cwd, '.atcomrc.yaml'), ATCOM_USER: "o'admin", ATCOM_PASSWORD: 'secret' };
    writeFileSync(
      join(cwd, '.atcomrc.yaml'),
      'phones: { p: { host: 172.16.0.57, scheme: https, auth: digest, timeout: 2s, tls: { insecure: true, legacy: true } } }',
    );
    const { stdout } = await run(['key', 'HOLD', 'wait:1500ms', 'RESUME', '--to', 'p', '--curl'], {
      cwd,
      env,
    });
    expect(stdout).toMatchInlineSnapshot(`
      "curl --globoff --silent --show-error --max-time 2 --digest --user 'o'\\''admin' --insecure --tlsv1.0 --ciphers 'DEFAULT@SECLEVEL=0' 'https://172.16.0.57/cgi-bin/server.cgi?key=HOLD'
      sleep 1.5
      curl --globoff --silent --show-error --max-time 2 --digest --user 'o'\\''admin' --insecure --tlsv1.0 --ciphers 'DEFAULT@SECLEVEL=0' 'https://172.16.0.57/cgi-bin/server.cgi?key=RESUME'
      "
    `);
  });
});

const hasCurl = spawnSync('curl', ['--version']).status === 0;

it.runIf(hasCurl)('the curl lines do what the command would have done', async () => {
  const { simulator, hosts } = await phones(2);
  const { stdout } = await run([
    'key',
    '6002',
    'SEND',
    'wait:10ms',
    'VOLUME_UP*2',
    '--to',
    hosts[0] ?? '',
    '--curl',
  ]);
  const shell = spawn('sh', ['-euc', stdout], { stdio: 'ignore' });
  expect(await once(shell, 'exit')).toEqual([0, null]);
  expect(simulator.state('6001').presses).toBe(4);
  expect(simulator.state('6002').state).toBe('ringing');
});

describe('a failure', () => {
  it.each([
    [['dial', '6040', '--to', 'nobody'], 'dial', 'unknown-phone'],
    [['key', 'HOLDD', '--to', 'virtual'], 'key', 'unknown-key'],
    [['dial'], 'dial', 'usage'],
    [['dail', '6040'], 'dail', 'usage'],
    [['dial', '6040', '--lime', '2'], 'dial', 'usage'],
    [['dial', '6040', '--timeout', '5'], 'dial', 'invalid-duration'],
    [['dial', '6040', '--line', '0'], 'dial', 'usage'],
    [['volume', 'louder'], 'volume', 'usage'],
    [['answer', '--speaker', '--headset', '--to', 'virtual'], 'answer', 'invalid-sequence'],
    [['config', 'show', '--profile', 'x'], 'config show', 'unknown-profile'],
  ])('%j before any phone is one JSON document', async (words, command, code) => {
    const result = await run([...words, '--json']);
    expect(result).toMatchObject({ exitCode: 2, stderr: '' });
    expect(JSON.parse(result.stdout)).toMatchObject({
      schema: 'atcom/1',
      command,
      ok: false,
      exitCode: 2,
      error: { code },
    });
  });

  it('is reported on stderr without --json, with the fix and the code', async () => {
    const result = await run(['key', 'HOLDD', '--to', 'virtual']);
    expect(result.stdout).toBe('');
    expect(result.stderr).toBe('error: there is no key "HOLDD" [unknown-key]\n  Fix: did you mean HOLD?\n');
  });

  it('is all that -q leaves', async () => {
    const { hosts } = await phones(1);
    expect(await run(['mute', '--to', hosts[0] ?? '', '-q'])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '',
    });
    const failed = await run(['mute', '-q', '--to', `${hosts[0]},127.0.0.1:${await closedPort()}`]);
    expect(failed.exitCode).toBe(3);
    expect(failed.stdout).toMatch(/unreachable/);
    expect(failed.stdout).not.toMatch(/ok/);
  });

  it('inside the program says that it is a bug, with the stack', async () => {
    const broken = () => Promise.reject(new RangeError('oops'));
    const result = await run(['hold', '--to', '127.0.0.1'], { transport: broken });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(
      /this is a bug in atcom[\s\S]*RangeError: oops[\s\S]*at .*[\s\S]*Fix: please report/,
    );
  });
});

describe('an interrupted run', () => {
  it('ends with 130 after saying what was sent and what was not', async () => {
    const stop = new AbortController();
    const server = await rawServer((socket) => {
      socket.on('close', () => stop.abort()).end('HTTP/1.1 200 OK\r\n\r\n');
    });
    const result = await run(['key', 'HOLD', 'wait:1h', 'RESUME', '--to', server.host, '--json'], {
      signal: stop.signal,
    });
    expect(result.exitCode).toBe(130);
    const [report] = JSON.parse(result.stdout).results;
    expect(report.requests.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['ok', 'skipped']);
  });
});

it.each([
  ['interrupted', undefined],
  ['terminated', new AtcomError('terminated', {})],
  ['the output could not be written', new AtcomError('unwritable-output', { reason: 'the disk is full' })],
])(
  'a run that was stopped is an error in its reports, whatever became of the phones: %s',
  async (said, reason) => {
    const stop = new AbortController();
    const server = await rawServer((socket) => {
      stop.abort(reason);
      socket.end('HTTP/1.1 200 OK\r\n\r\n');
    });
    const cwd = emptyFolder();
    const to = `${server.host},127.0.0.1:1`;
    const reports = ['junit', 'tap'].flatMap((format) => ['--report', `${format}:${join(cwd, format)}`]);
    await run(['hold', '--to', to, '--jobs', '1', '--yes', ...reports], { signal: stop.signal });
    const [xml, tap] = ['junit', 'tap'].map((format) => readFileSync(join(cwd, format), 'utf8'));
    expect(xml).toMatch(
      new RegExp(`<testcase classname="atcom.hold" name="atcom hold"[^>]*>\\s*<error message="${said}`),
    );
    expect(tap).toMatch(/^not ok 3 - atcom hold$/m);
  },
);

it('shows each exchange with --debug, and no credentials', async () => {
  const server = await rawServer((socket, request) => {
    const status =
      request.includes('Authorization') || request.includes('authorization') ? '200 OK' : '401 Unauthorized';
    socket.end(
      `HTTP/1.0 ${status}\r\nWWW-Authenticate: Digest realm="r", nonce="n", qop="auth"\r\nX: \u001b[2J\r\n\r\n`,
    );
  });
  const cwd = configured(`phones: { p: { host: "${server.host}", auth: digest } }`);
  const env = {
    ATCOM_CONFIG: join(cwd, 'atcom.config.yaml'),
    ATCOM_USER: 'admin',
    ATCOM_PASSWORD: 'hunter2hunter2',
  };
  const result = await run(['hold', '--to', 'p', '--debug'], { cwd, env });
  expect(result.exitCode).toBe(0);
  expect(result.stderr).toContain('> GET http://127.0.0.1');
  expect(result.stderr).toContain('< HTTP/1.0 200 OK');
  expect(result.stderr).not.toContain('\u001b');
  expect(server.received[1]).toMatch(/authorization: Digest username="admin"/i);
  const show = await run(['config', 'show', '--json'], { cwd, env });
  expect(result.stderr + result.stdout + show.stdout).not.toContain('hunter2');
});

describe('an answer of 200', () => {
  const answering = (body: string) =>
    rawServer((socket) => socket.end(`HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n${body}`));

  it('that asks for a password is no success', async () => {
    const { host } = await answering('<form><input type="password" name="pw"></form>');
    const result = await run(['hold', '--to', host]);
    expect(result.exitCode).toBe(4);
    expect(result.stdout).toContain('unauthorized');
    expect(result.stderr).toContain('a page that asks for a password; no key was pressed');
  });

  it('that contains an error is reported beside ok, and in the JSON', async () => {
    const { host } = await answering('{"response":"error"}');
    const result = await run(['hold', '--to', host]);
    expect(result).toMatchObject({
      exitCode: 0,
      stderr: `warning: ${host} accepted the keys, and answered: {"response":"error"}\n`,
    });
    const { stdout } = await run(['hold', '--to', host, '--json']);
    expect(JSON.parse(stdout).results[0].requests[0].warning).toBe('{"response":"error"}');
  });

  it('is shown in part by --debug, with control characters escaped', async () => {
    const { host } = await answering(`\u001b[31mred\n${'x'.repeat(400)}`);
    const { stderr } = await run(['hold', '--to', host, '--debug']);
    expect(stderr).toContain('< \\u001b[31mred');
    expect(stderr).toContain('… 109 more characters');
  });
});

it('reads the words once for phones whose keys are decided by the same settings', async () => {
  const cwd = configured(`
models: { A48: { macros: { night: HOLD } } }
phones:
  a: { host: 10.0.0.1, model: A48, mac: "80:82:87:00:00:01" }
  b: { host: 10.0.0.2:8080, model: A48, timeout: 1s }
  c: { host: 10.0.0.3, model: A48, macros: { night: MUTE } }
  d: { host: 10.0.0.4, dialPrefix: "00" }
  e: { host: 10.0.0.5, dialPlan: { country: "49" } }
  f: { host: 10.0.0.6, letters: true }
  g: { host: 10.0.0.7, verbs: { hold: MUTE } }
  h: { host: 10.0.0.8 }
  i: { host: 10.0.0.9 }
`);
  let count = 0;
  const counted = (context: Context) =>
    new Command('counted').action(() => {
      const keys = () => {
        count += 1;
        return parseSequence([String(count)]);
      };
      return press(context, keyStep('counted', keys, { all: true, dryRun: true }));
    });
  const { stdout } = await run(['counted'], { cwd, commands: { counted } });
  expect([...stdout.matchAll(/key=(\d)/g)].map(([, key]) => key)).toEqual([...'112345677']);
});
