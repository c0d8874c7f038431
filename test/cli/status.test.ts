import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { rememberApprovals } from '../../src/doctor/approvals.ts';
import { AtcomError } from '../../src/errors.ts';
import type { EventName } from '../../src/protocol/events.ts';
import { startReceiver } from '../../src/receiver/index.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import { me } from '../support/me.ts';
import { rawServer } from '../support/raw-server.ts';
import { SECRET } from '../support/same-user.ts';
import { emptyFolder, run } from './run.ts';

const fixture = (name: string) =>
  readFileSync(new URL(`../support/certificates/${name}`, import.meta.url), 'utf8');

/** A listener that has heard phones, a virtual phone that answers, and a config with it and one that does not. */
async function office(phones: Record<string, unknown> = {}) {
  const receiver = await startReceiver({ port: 0, secret: SECRET });
  const simulator = await startSimulator({ phones: 1, port: 0 });
  onTestFinished(async () => {
    await receiver.close();
    await simulator.close();
  });
  const [{ host } = { host: '' }] = simulator.phones;
  const cwd = emptyFolder();
  const config = {
    phones: { reception: { host, extension: '6001' }, lobby: '127.0.0.1:1', ...phones },
    listener: { port: receiver.port },
  };
  writeFileSync(join(cwd, '.atcomrc.json'), JSON.stringify(config));
  let clock = Date.now() - 2.5 * 3_600_000;
  const report = (phone: string, event: EventName, remote = '') => {
    clock += 1000;
    const values = { ip: phone, remote: remote === '' ? '' : `sip:${remote}@pbx` };
    const time = new Date(clock).toISOString();
    receiver.hub.publish({ time, event, phone, source: phone, path: '', values });
  };
  return { receiver, host, cwd, report };
}

const AT = '127.0.0.1:1';

describe('atcom status', () => {
  it('shows what phones do and with whom, since when, and which do not answer', async () => {
    const { host, cwd, report } = await office();
    report(host, 'setupCompleted');
    report(AT, 'openDND');
    report(AT, 'established', '6001');
    const { exitCode, stdout, stderr } = await run(['status'], { cwd });
    expect([exitCode, stderr]).toEqual([3, '']);
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['PHONE', 'STATE', 'WITH', 'SINCE', 'DND', 'HEARD', 'NOTE'],
      ['reception', 'idle', '2 h', '2 h'],
      [
        'lobby',
        'talking',
        'reception (6001)',
        expect.stringMatching(/^2:\d\d:\d\d$/),
        'on',
        '2 h',
        'no answer',
      ],
      [''],
    ]);
  });

  it('is one document in JSON', async () => {
    const { host, cwd, receiver, report } = await office();
    report(host, 'incomingCall', '6009');
    await rememberApprovals(me({ HOME: cwd }), new Map([[host, { at: new Date().toISOString() }]]));
    const { exitCode, stdout } = await run(['status', '--json'], { cwd });
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'atcom/1',
      command: 'status',
      ok: false,
      exitCode: 3,
      listener: { port: receiver.port },
      summary: { phones: 2, shown: 2, silent: 1 },
      results: [
        {
          phone: 'reception',
          host,
          state: { call: 'ringing', calls: [{ state: 'ringing', peer: '6009' }], dnd: null },
          web: 'answers',
          approved: true,
        },
        { phone: 'lobby', host: AT, state: { call: 'unknown', heard: null }, web: 'silent', approved: false },
      ],
    });
  });

  it('does not say that a phone does not answer that it had no route to', async () => {
    const { cwd } = await office();
    const transport = async () => {
      return { kind: 'undelivered', error: Object.assign(new Error('x'), { code: 'ENETUNREACH' }) } as const;
    };
    const { exitCode, stdout } = await run(['status', '--json'], { cwd, transport });
    const { summary, results } = JSON.parse(stdout);
    expect([exitCode, summary.silent]).toEqual([3, 0]);
    expect(results.map(({ web }: { web: string }) => web)).toEqual(['unasked', 'unasked']);
    const { stdout: table, stderr } = await run(['status'], { cwd, transport });
    expect(table).not.toContain('no answer');
    expect(stderr).toContain('this computer has no route to 2 phones');
  });

  it.each([
    ['another certificate', { cert: fixture('old-phone.crt'), key: fixture('old-phone.key') }, 'silent'],
    ['no certificate', undefined, 'silent'],
    ['the certificate', { cert: fixture('phone.crt'), key: fixture('phone.key') }, 'answers'],
  ])('asks a phone with a pin only where it has that one: %s', async (_, tls, web) => {
    const pinned = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'), tls);
    const { fingerprint256: fingerprint } = new X509Certificate(fixture('phone.crt'));
    const host = `${tls === undefined ? 'http' : 'https'}://${pinned.host}`;
    const { cwd } = await office({ pinned: { host, tls: { fingerprint } } });
    const { stdout } = await run(['status', 'pinned', '--json'], { cwd });
    expect(JSON.parse(stdout).results).toMatchObject([{ phone: 'pinned', web }]);
    expect(pinned.received.join('') !== '').toBe(web === 'answers');
  });

  it.each([
    ['talking', ['lobby']],
    ['ringing', ['reception', 'lobby']],
    ['idle', []],
    ['unreachable', ['lobby']],
    ['unapproved', ['reception', 'lobby']],
    ['dnd', ['reception']],
    ['unknown', []],
    ['unregistered', ['lobby']],
  ])('--only %s', async (only, expected) => {
    const { host, cwd, report } = await office();
    report(host, 'openDND');
    report(host, 'incomingCall', '6009');
    report(AT, 'registerFailed');
    report(AT, 'established', '6008');
    report(AT, 'incomingCall', '6007');
    const { stdout } = await run(['status', '--only', only, '--json'], { cwd });
    expect(JSON.parse(stdout).results.map(({ phone }: { phone: string }) => phone)).toEqual(expected);
  });

  it('--only takes the words that it shows', async () => {
    const { host, cwd, report } = await office();
    report(host, 'hold', '6009');
    report(AT, 'idleToBusy');
    const names = async (only: string) => {
      const { stdout } = await run(['status', '--only', only, '--json'], { cwd });
      return JSON.parse(stdout).results.map(({ phone }: { phone: string }) => phone);
    };
    expect(await names('on hold')).toEqual(['reception']);
    expect(await names('held')).toEqual(['reception']);
    expect(await names('in use')).toEqual(['lobby']);
    expect(await names('busy')).toEqual(['lobby']);
  });

  it('claims nothing without a listener, and says so', async () => {
    const { cwd, receiver } = await office();
    await receiver.close();
    const { exitCode, stdout, stderr } = await run(['status', 'reception'], { cwd });
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^reception +unknown +never$/m)]);
    expect(stderr).toContain('Fix: keep atcom listen running');
    const { listener } = JSON.parse((await run(['status', '--json'], { cwd })).stdout);
    expect(listener).toBeNull();
  });

  it('says who has the port, if that is no listener of this user', async () => {
    const stranger = createServer((_, response) => void response.end('hello'));
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void stranger.close());
    const { port } = stranger.address() as AddressInfo;
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'atcom.config.yaml'), `listener: { port: ${port} }\nphones: { p: 127.0.0.9 }\n`);
    const { stderr } = await run(['status', '--no-web'], { cwd });
    const owner = process.platform === 'linux' ? `.* \\(process ${process.pid}\\)` : 'whoever has it';
    expect(stderr).toMatch(
      new RegExp(`known about calls from port ${port}: ${owner} is no atcom listener of this user\n  Fix: `),
    );
    expect(stderr).not.toContain('no listener runs');
  });

  it('ended by Ctrl-C ends with 130, like every command', async () => {
    const { cwd } = await office();
    const signal = AbortSignal.abort(new AtcomError('interrupted', {}));
    expect((await run(['status', '--json'], { cwd, signal })).exitCode).toBe(130);
  });

  it('ends at Ctrl-C while a silent program has the port', async () => {
    const ctrlC = new AbortController();
    const stranger = createServer(() => ctrlC.abort(new AtcomError('interrupted', {})));
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void stranger.close().closeAllConnections());
    const { port } = stranger.address() as AddressInfo;
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'atcom.config.yaml'), `listener: { port: ${port} }\nphones: { p: 127.0.0.9 }\n`);
    // However long it would wait otherwise.
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { exitCode, stderr } = await run(['status', '--no-web'], { cwd, signal: ctrlC.signal });
    expect([exitCode, stderr]).toEqual([130, '']);
  });

  it('asks no web server with --no-web', async () => {
    const { cwd } = await office();
    const { exitCode, stdout } = await run(['status', '--no-web', '--json'], { cwd });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).results.map(({ web }: { web: string }) => web)).toEqual(['unasked', 'unasked']);
  });

  it.each([
    ['talkin', 'did you mean talking?'],
    ['', 'one of ringing'],
  ])('refuses --only %j, which is no value of it', async (only, hint) => {
    const { exitCode, stderr } = await run(['status', '--only', only]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(hint);
  });

  it('shows whom only the listener knows, where no target is given', async () => {
    const { cwd, report } = await office();
    report('172.16.0.99', 'offHook');
    const all = await run(['status', '--no-web'], { cwd });
    expect(all.stdout).toMatch(/^172\.16\.0\.99 +dialling/m);
    expect((await run(['status', 'reception', '--no-web'], { cwd })).stdout).not.toContain('172.16.0.99');
  });

  it('shows a phone with two names under each of them, and no stranger for it', async () => {
    const { cwd, report } = await office({ boss: { host: AT, alias: true } });
    report(AT, 'established', '6009');
    const shown = async (...words: string[]) => {
      const { stdout } = await run(['status', '--no-web', '--json', ...words], { cwd });
      const { results } = JSON.parse(stdout);
      return results.map(({ phone, state: { call } }: { phone: string; state: { call: string } }) => [
        phone,
        call,
      ]);
    };
    expect(await shown()).toEqual([
      ['reception', 'unknown'],
      ['lobby', 'talking'],
      ['boss', 'talking'],
    ]);
    expect(await shown('--only', 'talking', 'boss')).toEqual([['boss', 'talking']]);
    // Without a name, it is told by its address, but shown as it would be written.
    expect(await shown(`https://${AT}`)).toEqual([[`https://${AT}`, 'talking']]);
  });

  it('folds many phones that say the same, and never one that is on a call', async () => {
    const { cwd, report } = await office({ 'lab-[01-20]': { host: '127.0.0.1:[7101-7120]' } });
    report('127.0.0.1:7105', 'established', '6001');
    report('127.0.0.1:7106', 'busyToIdle');
    const { stdout } = await run(['status', 'lab-[01-20]', '--no-web'], { cwd });
    expect(
      stdout
        .split('\n')
        .slice(1, -1)
        .map((line) => line.split(/ {2,}/)),
    ).toEqual([
      ['lab-[01-04,07-20] (18)', 'unknown', 'never'],
      ['lab-05', 'talking', 'reception (6001)', expect.any(String), expect.any(String)],
      ['lab-06', 'idle', expect.any(String), expect.any(String)],
    ]);
  });

  it('presses no key', async () => {
    const { cwd } = await office();
    const asked: string[] = [];
    const { stdout } = await run(['status', '--json'], {
      cwd,
      transport: ({ path }) => {
        asked.push(path);
        return Promise.resolve({ kind: 'answer', status: 200, head: '', body: '' });
      },
    });
    expect([asked, JSON.parse(stdout).ok]).toEqual([['/', '/'], true]);
  });
});
