import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { approvalsFile, rememberApprovals } from '../../src/doctor/approvals.ts';
import { AtcomError } from '../../src/errors.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/index.ts';
import { me } from '../support/me.ts';
import { closedPort, rawServer } from '../support/raw-server.ts';
import { emptyFolder, run } from './run.ts';

/** Virtual phones that ask. */
async function asking(options: SimulatorOptions = {}) {
  const simulator = await startSimulator(options);
  onTestFinished(() => simulator.close());
  const hosts = simulator.phones.map(({ host }) => host);
  return { simulator, hosts, host: hosts[0] ?? '' };
}

/** Virtual phones with a person at each who presses Save as soon as it asks. */
async function attended(options: SimulatorOptions = {}) {
  const started = await asking({
    ...options,
    onHappening: ({ kind, phone }) => {
      if (kind === 'remoteControlAsked') setImmediate(() => started.simulator.answerPrompt(phone, 'save'));
    },
  });
  return started;
}

const pressed = (simulator: Simulator, extension = '6001') =>
  simulator.state(extension).log.map(({ key }) => key);

/** What is remembered in a home folder. */
function remembered(home: string): Record<string, { at: string; from?: string }> {
  return JSON.parse(readFileSync(approvalsFile(me({ HOME: home })), 'utf8')).phones;
}

describe('atcom allow', () => {
  it('makes the phone ask, waits for Save, presses RELEASE once and remembers the phone', async () => {
    const { simulator, host } = await attended();
    const cwd = emptyFolder();
    const { exitCode, stdout, stderr } = await run(['allow', host], { cwd });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^127\.0\.0\.1:\d+ {2}ok {2}\d+ ms\n$/);
    expect(stderr).toBe(`${host} asks "Allow Remote Control?"
  Press Save on the phone. Waiting for that, up to 1m.
  If it does not ask: enter 127.0.0.1 in the "Action URI allow IP list" of its page Phone – Remote Control.
Remembered: ${host} let this computer press keys.
`);
    expect(simulator.state('6001').presses).toBe(1);
    expect(pressed(simulator)).toEqual(['RELEASE']);
    expect(remembered(cwd)).toEqual({
      [host]: { at: expect.stringMatching(/^\d{4}-.*Z$/), from: '127.0.0.1' },
    });
  });

  it('does not ask at a phone that already accepts keys, but remembers it', async () => {
    const { simulator, host } = await asking({ approved: true });
    const cwd = emptyFolder();
    const { exitCode, stderr } = await run(['allow', '--to', host, '--key', 'mute'], { cwd });
    expect(exitCode).toBe(0);
    expect(stderr).toBe(`Remembered: ${host} let this computer press keys.\n`);
    expect(pressed(simulator)).toEqual(['MUTE']);
    expect(Object.keys(remembered(cwd))).toEqual([host]);
  });

  it('serves several phones side by side, by argument, --to or --all', async () => {
    const { simulator, hosts } = await attended({ phones: 3 });
    const [a = '', b = '', c = ''] = hosts;
    const cwd = emptyFolder();
    expect((await run(['allow', a, '--to', `${b},${c}`, '-x', c], { cwd })).exitCode).toBe(0);
    expect(Object.keys(remembered(cwd))).toEqual([a, b]);
    expect(simulator.state('6003').presses).toBe(0);
    writeFileSync(join(cwd, '.atcomrc'), `phones: { third: "${c}" }`);
    expect((await run(['allow', '--all'], { cwd })).exitCode).toBe(0);
    expect(Object.keys(remembered(cwd))).toEqual([a, b, c]);
    expect((await run(['allow'], { cwd, env: { ATCOM_TO: 'third' } })).exitCode).toBe(0);
    expect(pressed(simulator, '6003')).toEqual(['RELEASE', 'RELEASE']);
  });

  it('interrupted by Ctrl-C does not claim that Save was not pressed in the whole time', async () => {
    const { host } = await asking();
    const stop = new AbortController();
    const watch = (_: string, text: string) => {
      if (text.includes('Press Save')) stop.abort(new AtcomError('interrupted', {}));
    };
    const { exitCode, stderr } = await run(['allow', host], { signal: stop.signal, watch });
    expect(exitCode).toBe(130);
    expect(stderr).not.toContain('nobody pressed');
    expect(stderr).toContain('Fix: press Save on the phone and run the command again');
  });

  it('tells once of many phones that ask, and names in the end those that still do', async () => {
    const { hosts } = await asking({ phones: 20 });
    const cwd = emptyFolder();
    const phones = hosts.map((host, index) => `  lab-${index + 1}: "${host}"\n`);
    writeFileSync(join(cwd, 'atcom.config.yaml'), `phones:\n${phones.join('')}`);
    const words = ['--all', '--yes'];
    const { stderr } = await run(['allow', ...words, '--wait', '1ms'], { cwd });
    expect(stderr.match(/Allow Remote Control/g)).toHaveLength(2);
    expect(stderr).toMatch(/^The phones ask "Allow Remote Control\?"\n {2}Press Save on each\./);
    expect(stderr).toContain('error: lab-[1-20]: each asks');
    const hold = await run(['hold', ...words], { cwd });
    expect(hold.stderr).toContain("or run atcom allow 'lab-[1-20]', which waits");
  });

  it('is one document with --json', async () => {
    const { host } = await attended();
    const { exitCode, stdout, stderr } = await run(['allow', host, '--json']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      schema: 'atcom/1',
      command: 'allow',
      ok: true,
      exitCode: 0,
      summary: { phones: 1, ok: 1, failed: 0, skipped: 0, ms: expect.any(Number) },
      results: [
        {
          phone: host,
          host,
          outcome: 'ok',
          ms: expect.any(Number),
          requests: [
            {
              url: `http://${host}/cgi-bin/server.cgi?key=RELEASE`,
              outcome: 'ok',
              status: 200,
              ms: expect.any(Number),
            },
          ],
          remembered: true,
        },
      ],
    });
  });

  it('asks on until the time is up, ends with 4, presses and remembers nothing', async () => {
    const { simulator, host } = await asking();
    const cwd = emptyFolder();
    const { exitCode, stdout, stderr } = await run(['allow', host, '--wait', '1s'], { cwd });
    expect(exitCode).toBe(4);
    expect(Number(/(\d+) ms/.exec(stdout)?.[1])).toBeGreaterThanOrEqual(990);
    expect(stderr.split('Press Save on the phone.')).toHaveLength(2);
    expect(stderr).toContain('Fix: Save was not pressed within 1s: press it while atcom allow waits');
    expect(stderr).toContain('enter 127.0.0.1 in the "Action URI allow IP list"');
    expect(simulator.state('6001').presses).toBe(0);
    expect(existsSync(approvalsFile(me({ HOME: cwd })))).toBe(false);
  });

  it('asks once with --wait 0s', async () => {
    const phone = await rawServer((socket) => socket.end('HTTP/1.0 403 Forbidden\r\n\r\n'));
    const { exitCode, stderr } = await run(['allow', phone.host, '--wait', '0s']);
    expect(exitCode).toBe(4);
    expect(stderr).not.toContain('Waiting');
    expect(stderr).toContain('Fix: press Save on the phone');
    expect(phone.connections).toBe(1);
  });

  it('ends with 130 at Ctrl-C', async () => {
    const stop = new AbortController();
    const { simulator, host } = await asking({
      onHappening: ({ kind }) => {
        if (kind === 'remoteControlAsked') setImmediate(() => stop.abort());
      },
    });
    const { exitCode, stdout } = await run(['allow', host, '--wait', '1h'], { signal: stop.signal });
    expect(exitCode).toBe(130);
    expect(stdout).toContain(host);
    expect(simulator.state('6001').presses).toBe(0);
  });

  it.each([
    ['silent', (): void => {}],
    ['dripping', (socket: Socket): void => void socket.write('HTTP/1.0 403 Forbidden\r\nX-')],
  ])('waits for no %s phone at Ctrl-C', async (_, answer) => {
    const stop = new AbortController();
    const phone = await rawServer((socket) => {
      answer(socket);
      stop.abort(new AtcomError('interrupted', {}));
    });
    const { exitCode } = await run(['allow', phone.host, '--timeout', '1m'], { signal: stop.signal });
    expect(exitCode).toBe(130);
    expect(phone.connections).toBe(1);
  });

  it.each([
    ['HTTP/1.0 401 Unauthorized\r\n\r\n', 4, 'unauthorized'],
    ['HTTP/1.0 404 Not Found\r\n\r\n', 5, 'refused'],
    ['', 7, 'unknown'],
  ])('reports %j as other commands do', async (answer, exitCode, code) => {
    const phone = await rawServer((socket) => socket.end(answer));
    const cwd = emptyFolder();
    const result = await run(['allow', phone.host], { cwd });
    expect(result).toMatchObject({ exitCode, stderr: expect.stringContaining(`[${code}]`) });
    expect(phone.connections).toBe(1);
    expect(existsSync(approvalsFile(me({ HOME: cwd })))).toBe(false);
  });

  it('reports a phone that is not reached', async () => {
    expect((await run(['allow', `127.0.0.1:${await closedPort()}`])).exitCode).toBe(3);
  });

  it('sends nothing for a key that is not harmless, with --dry-run, and to many phones without --yes', async () => {
    const phone = await rawServer((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\n'));
    const reboot = await run(['allow', phone.host, '--key', 'REBOOT']);
    expect(reboot).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('REBOOT is not a harmless key'),
    });
    expect(await run(['allow', phone.host, '--dry-run'])).toEqual({
      exitCode: 0,
      stdout: `http://${phone.host}/cgi-bin/server.cgi?key=RELEASE\n`,
      stderr: '',
    });
    const many = Array.from({ length: 10 }, (_, index) => `127.0.1.${index + 1}:${phone.port}`);
    expect((await run(['allow', phone.host, ...many])).exitCode).toBe(2);
    expect(phone.connections).toBe(0);
  });

  it('does not remember the virtual phone of one command', async () => {
    const cwd = emptyFolder();
    expect((await run(['allow', 'virtual'], { cwd })).exitCode).toBe(0);
    expect(existsSync(approvalsFile(me({ HOME: cwd })))).toBe(false);
  });

  it('works without a file to remember in, and says so', async () => {
    const { host } = await asking({ approved: true });
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'state'), '');
    const env = { XDG_STATE_HOME: join(cwd, 'state'), LOCALAPPDATA: join(cwd, 'state') };
    // macOS has no variable for it, so there its home is the file.
    const home = process.platform === 'darwin' ? { HOME: join(cwd, 'state') } : {};
    const text = await run(['allow', host], { cwd, env: { ...env, ...home } });
    expect(text.exitCode).toBe(0);
    expect(text.stderr).toMatch(
      /^warning: .*approvals\.json cannot be written: a part of its path is not a folder; set XDG_STATE_HOME to a folder that can be written\n$/,
    );
    const json = await run(['allow', host, '--json'], { cwd, env: { ...env, ...home } });
    expect(json.stderr).toBe('');
    expect(JSON.parse(json.stdout)).toMatchObject({ exitCode: 0, results: [{ remembered: false }] });
  });

  it('replaces a broken file, and says so', async () => {
    const { host } = await asking({ approved: true });
    const cwd = emptyFolder();
    const file = approvalsFile(me({ HOME: cwd }));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '{');
    const { exitCode, stderr } = await run(['allow', host], { cwd });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('it is not JSON; a new one was started');
    expect(Object.keys(remembered(cwd))).toEqual([host]);
  });

  it('shows each exchange with --debug; what it writes and remembers holds no password', async () => {
    const phone = await rawServer((socket) => socket.end('HTTP/1.0 200 OK\r\nX: \u001b[2J\r\n\r\n'));
    const cwd = emptyFolder();
    writeFileSync(join(cwd, '.atcomrc'), `phones: { p: { host: "${phone.host}", auth: basic } }`);
    const env = { ATCOM_CONFIG: join(cwd, '.atcomrc'), ATCOM_USER: 'admin', ATCOM_PASSWORD: 'hunter2' };
    const { stdout, stderr } = await run(['allow', 'p', '--debug'], { cwd, env });
    expect(phone.received[0]).toMatch(/authorization: Basic/i);
    expect(stderr).toContain('= ok, ');
    expect(stderr).not.toContain('\u001b');
    const file = readFileSync(approvalsFile(me({ HOME: cwd })), 'utf8');
    expect(stdout + stderr + file).not.toMatch(/hunter2|admin|YWRtaW46/);
  });
});

describe('a verb at a phone that asks', () => {
  it('names atcom allow at first contact, in text and in JSON', async () => {
    const { host } = await asking();
    const cwd = emptyFolder();
    const hint = `press Save on the phone and run the command again, or run atcom allow ${host}, which waits for that and checks it; the "Action URI allow IP list" of its page Phone – Remote Control must hold 127.0.0.1, this computer`;
    const text = await run(['hold', '--to', host], { cwd });
    expect(text).toMatchObject({ exitCode: 4, stderr: expect.stringContaining(`Fix: ${hint}\n`) });
    const json = await run(['hold', '--to', host, '--json'], { cwd });
    expect(JSON.parse(json.stdout).results[0].error).toEqual({
      code: 'approval',
      message: expect.stringContaining('no key was pressed'),
      hint,
      retryable: true,
    });
    expect(existsSync(approvalsFile(me({ HOME: cwd })))).toBe(false);
    const line = await run(['hold', '--to', host, '--ndjson'], { cwd });
    expect(JSON.parse(line.stdout.split('\n')[0] ?? '').error.hint).toBe(hint);
  });

  it('names the config in what is to be run, which may have another phone of that name', async () => {
    const { host } = await asking();
    const cwd = emptyFolder();
    const config = `phones: { desk: 127.0.0.1:1 }\nprofiles: { lab: { phones: { desk: "${host}" } } }\n`;
    writeFileSync(join(cwd, 'my lab.yaml'), config);
    const options = ['--config', 'my lab.yaml', '--profile', 'lab'];
    const target = "desk --config 'my lab.yaml' --profile lab";
    const hold = await run(['hold', '--to', 'desk', ...options], { cwd });
    expect(hold.stderr).toContain(`run atcom allow ${target}, which`);
    writeFileSync(join(cwd, 'lines'), 'hold --to desk\n');
    const lines = await run(['run', join(cwd, 'lines'), ...options], { cwd });
    expect(lines.stderr).toContain(`run atcom allow ${target}, which`);
    const doctor = await run(['doctor', 'desk', ...options], { cwd });
    expect(doctor.stdout).toContain(`atcom allow ${target} waits`);
  });

  it('says that the approval seems to be lost where it was given before', async () => {
    const { host } = await asking();
    const cwd = emptyFolder();
    await rememberApprovals(
      me({ HOME: cwd }),
      new Map([[host, { at: '2026-11-23T10:00:00.000Z', from: '127.0.0.1' }]]),
    );
    const { exitCode, stderr } = await run(['hold', '--to', `http://${host}`], { cwd });
    expect(exitCode).toBe(4);
    expect(stderr).toContain('approved this computer on 2026-11-23, and that seems to be lost');
    expect(stderr).toContain(`run atcom allow ${host} and`);
    const late = await run(['allow', host, '--wait', '0s'], { cwd });
    expect(late.stderr).toContain('seems to be lost');
  });

  it('says that this computer has another address than at the approval', async () => {
    const { host } = await asking();
    const cwd = emptyFolder();
    await rememberApprovals(
      me({ HOME: cwd }),
      new Map([[host, { at: '2026-11-23T10:00:00.000Z', from: '127.9.9.9' }]]),
    );
    const { stderr } = await run(['hold', '--to', host], { cwd });
    expect(stderr).toContain('as 127.9.9.9, and its address is now 127.0.0.1');
  });

  it('gets its hint even with a broken memory, and with other outcomes', async () => {
    const { host } = await asking();
    const { host: willing } = await asking({ approved: true });
    const cwd = emptyFolder();
    mkdirSync(approvalsFile(me({ HOME: cwd })), { recursive: true });
    const { exitCode, stderr } = await run(['hold', '--to', `${willing},${host}`], { cwd });
    expect(exitCode).toBe(4);
    expect(stderr).toContain(`run atcom allow ${host},`);
  });
});

it('names just the phones that are left to do again, whatever way they were named', async () => {
  const obeys = await rawServer((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\n'));
  const asks = await rawServer((socket) => socket.end('HTTP/1.0 403 Forbidden\r\n\r\n'));
  const words = ['allow', obeys.host, asks.host, '--wait', '0ms'];
  const { stderr } = await run(words);
  expect(stderr).toContain(`\n  atcom allow --wait 0ms --to ${asks.host}\n`);
  expect(stderr).toContain(`${obeys.host} lets this computer press its keys (1 of 2)`);
});
