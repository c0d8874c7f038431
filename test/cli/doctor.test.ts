import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { wrapped } from '../../src/cli/output/text.ts';
import { approvalsFile, rememberApprovals } from '../../src/doctor/approvals.ts';
import { worstExitCode } from '../../src/doctor/finding.ts';
import { loopbackRemedy, reachedAt } from '../../src/doctor/reach.ts';
import { startReceiver } from '../../src/receiver/index.ts';
import { type SimulatorOptions, startSimulator } from '../../src/simulator/index.ts';
import { trusted } from '../receiver/played.ts';
import { receiver } from '../receiver/raw.ts';
import { me } from '../support/me.ts';
import { closedPort, rawServer } from '../support/raw-server.ts';
import { SECRET } from '../support/same-user.ts';
import { anyPort, emptyFolder, type RunOptions, run } from './run.ts';

const fixture = (name: string) =>
  readFileSync(new URL(`../support/certificates/${name}`, import.meta.url), 'utf8');
const SELF_SIGNED = { key: fixture('phone.key'), cert: fixture('phone.crt') };
const FINGERPRINT = new X509Certificate(fixture('phone.crt')).fingerprint256;
const OLD = {
  key: fixture('old-phone.key'),
  cert: fixture('old-phone.crt'),
  minVersion: 'TLSv1',
  maxVersion: 'TLSv1',
  ciphers: 'DEFAULT@SECLEVEL=0',
} as const;

interface Check {
  readonly check: string;
  readonly level: string;
  readonly message: string;
  readonly remedy?: string;
}

/** Runs the doctor on one phone and returns its checks by name. */
async function doctor(words: readonly string[], options: RunOptions = {}) {
  const { exitCode, stdout, stderr } = await run(['doctor', ...anyPort(words), '--json', ...words], options);
  expect(stderr).toBe('');
  const document = JSON.parse(stdout);
  expect(document).toMatchObject({ schema: 'atcom/1', command: 'doctor', ok: exitCode === 0, exitCode });
  const [{ phone, host, checks }] = document.results;
  const byName = new Map<string, Check>(checks.map((check: Check) => [check.check, check]));
  return {
    exitCode,
    phone,
    host,
    /** `name ok` … */
    levels: checks.map(({ check, level }: Check) => `${check} ${level}`),
    of: (name: string): Check => byName.get(name) ?? { check: name, level: 'missing', message: '' },
  };
}

/** What the levels are where nothing else is said. */
function levels(others: Readonly<Record<string, string>> = {}): string[] {
  const names = ['config', 'name', 'route', 'port', 'mac', 'tls', 'path', 'status', 'credentials'];
  // No config here has a MAC, and no event is provoked, where a test does not say so.
  const usual = { mac: 'skipped', events: 'skipped', ...others };
  return [...names, 'allow-list', 'approval', 'events'].map(
    (name) => `${name} ${Object.entries(usual).find(([of]) => of === name)?.[1] ?? 'ok'}`,
  );
}

const skippedFrom = (first: string) => {
  const names = [
    'name',
    'route',
    'port',
    'mac',
    'tls',
    'path',
    'status',
    'credentials',
    'allow-list',
    'approval',
  ];
  return Object.fromEntries(names.slice(names.indexOf(first)).map((name) => [name, 'skipped']));
};

async function phones(options: SimulatorOptions = {}) {
  const simulator = await startSimulator({ approved: true, ...options });
  onTestFinished(() => simulator.close());
  return { simulator, host: simulator.phones[0]?.host ?? '' };
}

/** A folder whose config has one phone, `p`. */
function configured(settings: object, listener?: object): string {
  const folder = emptyFolder();
  writeFileSync(join(folder, '.atcomrc.json'), JSON.stringify({ phones: { p: settings }, listener }));
  return folder;
}

const answering = (answer: string) => rawServer((socket) => socket.end(answer));

/** A port that takes no connection and refuses none: its queue is full, and its process does not look at it. */
async function fullPort(): Promise<number> {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads');
     const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     });`,
    { eval: true },
  );
  onTestFinished(async () => {
    await worker.terminate();
  });
  const [port] = await once(worker, 'message');
  const waiting = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  onTestFinished(() => {
    for (const socket of waiting) socket.destroy();
  });
  await Promise.all(waiting.slice(0, 2).map((socket) => once(socket, 'connect')));
  return port;
}

describe('atcom doctor', () => {
  it('finds nothing wrong with a phone that obeys, and presses RELEASE once', async () => {
    const { simulator, host } = await phones();
    const found = await doctor([host]);
    expect(found).toMatchObject({ exitCode: 0, phone: host, host, levels: levels() });
    expect(found.of('route').message).toContain('this computer is 127.0.0.1 to the phone');
    expect(found.of('status').message).toBe('200: it accepted RELEASE, which was pressed once');
    expect(found.of('events').message).toMatch(
      /atcom action-url list http:\/\/127\.0\.0\.1:\d+ were entered/,
    );
    expect(simulator.state('6001').log.map(({ key }) => key)).toEqual(['RELEASE']);
  });

  it('presses another key with --key, none with --no-key, never one that is not harmless', async () => {
    const { simulator, host } = await phones();
    expect((await doctor([host, '--key', 'mute'])).of('status').message).toContain('it accepted MUTE');
    const none = await doctor([host, '--no-key']);
    expect(none).toMatchObject({ exitCode: 0, levels: levels(skippedFrom('path')) });
    expect((await run(['doctor', host, '--key', 'REBOOT'])).exitCode).toBe(2);
    expect((await run(['doctor', host, '--no-key', '--events'])).exitCode).toBe(2);
    expect(simulator.state('6001').presses).toBe(1);
  });

  it('looks up a name', async () => {
    const { host } = await phones();
    const found = await doctor([`localhost:${host.split(':')[1]}`]);
    expect(found.exitCode).toBe(0);
    expect(found.of('name').message).toMatch(/^localhost is .*127\.0\.0\.1/);
  });

  // A part longer than 63 letters is no name in the DNS, so that nobody is asked for it.
  it('says that a name is unknown', async () => {
    const found = await doctor([`${'a'.repeat(64)}.example`]);
    expect(found).toMatchObject({
      exitCode: 3,
      levels: levels({ ...skippedFrom('route'), name: 'problem' }),
    });
  });

  it('distinguishes a refused connection from an unanswered one', async () => {
    const refused = await doctor([`127.0.0.1:${await closedPort()}`]);
    const expected = levels({ ...skippedFrom('tls'), port: 'problem' });
    expect(refused).toMatchObject({ exitCode: 3, levels: expected });
    expect(refused.of('port').message).toContain('refused');
    const late = await doctor([`127.0.0.1:${await fullPort()}`, '--timeout', '300ms']);
    expect(late).toMatchObject({ exitCode: 3, levels: expected });
    expect(late.of('port')).toMatchObject({
      message: expect.stringContaining('within 300ms'),
      remedy: expect.stringContaining('firewall'),
    });
  });

  const noAnswer = { credentials: 'skipped', 'allow-list': 'skipped', approval: 'skipped' };

  it.each([
    ['404 Not Found', 5, { path: 'problem', status: 'skipped', ...noAnswer }, 'path', 'such as /servlet'],
    ['500 Oops', 5, { status: 'problem', ...noAnswer }, 'status', 'look at the phone'],
    ['302 Found', 5, { status: 'problem', ...noAnswer }, 'status', 'redirects are not followed'],
    ['401 No', 4, { ...noAnswer, credentials: 'problem' }, 'credentials', 'set auth: digest'],
    [
      '403 Forbidden',
      4,
      { credentials: 'skipped', 'allow-list': 'problem', approval: 'problem' },
      'allow-list',
      'enter 127.0.0.1 in the "Action URI allow IP list"',
    ],
  ])('judges an answer of %s', async (answer, exitCode, others, check, remedy) => {
    const { host, ...phone } = await answering(`HTTP/1.0 ${answer}\r\n\r\n`);
    const found = await doctor([host]);
    expect(found).toMatchObject({ exitCode, levels: levels(others) });
    expect(found.of(check).remedy).toContain(remedy);
    expect(phone.received.join('')).not.toMatch(/GET[\s\S]*GET/);
  });

  it('does not know about the keys when no answer comes', async () => {
    const { host } = await answering('');
    const found = await doctor([host]);
    expect(found).toMatchObject({
      exitCode: 7,
      levels: levels({ ...noAnswer, path: 'skipped', status: 'problem' }),
    });
    expect(found.of('status').message).toContain('the keys may have been pressed (RELEASE)');
  });

  it('judges credentials, and shows none', async () => {
    const { host } = await phones();
    const cwd = configured({ host, auth: 'digest' });
    const missing = await doctor(['p'], { cwd });
    expect(missing).toMatchObject({ exitCode: 0, levels: levels({ credentials: 'warning' }) });
    const strict = await answering(
      'HTTP/1.0 401 No\r\nWWW-Authenticate: Digest realm="r", nonce="n"\r\n\r\n',
    );
    const env = { ATCOM_USER: 'admin', ATCOM_PASSWORD: 'hunter2' };
    const named = ['--config', '.atcomrc.json'];
    const wrong = await run(['doctor', 'p', '--port', '0', '--debug', ...named], {
      cwd: configured({ host: strict.host, auth: 'digest' }),
      env,
    });
    expect(wrong.exitCode).toBe(4);
    expect(wrong.stdout).toContain('did not accept the credentials');
    expect(wrong.stderr).toContain('= unauthorized, ');
    expect(wrong.stdout + wrong.stderr).not.toContain('hunter2');
    expect((await doctor(['p', ...named], { cwd, env })).of('credentials')).toMatchObject({ level: 'ok' });
  });

  it('says where a phone is defined', async () => {
    const { host } = await phones();
    const cwd = configured({ host });
    expect((await doctor(['p'], { cwd })).of('config').message).toBe(`p is defined in ${cwd}/.atcomrc.json`);
    expect((await doctor(['127.0.0.1:1'], { cwd })).of('config').message).toContain(`not in ${cwd}`);
  });

  it('distinguishes a lost approval from none', async () => {
    const { host } = await phones({ approved: false });
    const cwd = emptyFolder();
    const first = await doctor([host], { cwd });
    expect(first).toMatchObject({
      exitCode: 4,
      levels: levels({ credentials: 'skipped', 'allow-list': 'problem', approval: 'problem' }),
    });
    expect(first.of('approval')).toMatchObject({
      message: expect.stringContaining('no approval is remembered here'),
      remedy: `press Save on the phone; atcom allow ${host} waits for that and checks it`,
    });
    const at = '2026-11-23T10:00:00.000Z';
    await rememberApprovals(me({ HOME: cwd }), new Map([[host, { at, from: '127.0.0.1' }]]));
    expect((await doctor([host], { cwd })).of('approval')).toMatchObject({
      message: expect.stringContaining('approved on 2026-11-23 as 127.0.0.1'),
      remedy: expect.stringContaining('seems to be lost'),
    });
    expect((await doctor([host, '--no-key'], { cwd })).of('approval').message).toContain(
      'approved on 2026-11-23',
    );
  });
});

describe('atcom doctor over https', () => {
  it.each([
    [
      'untrusted',
      {},
      3,
      'problem',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      `pin it, tls: { fingerprint: "${FINGERPRINT}" }`,
    ],
    [
      'insecure',
      { insecure: true },
      0,
      'warning',
      'any certificate',
      `tls: { fingerprint: "${FINGERPRINT}" }`,
    ],
    [
      'pinned',
      { fingerprint: FINGERPRINT.toLowerCase() },
      0,
      'ok',
      `certificate pinned: ${FINGERPRINT}`,
      undefined,
    ],
    [
      'pinned, whatever else is accepted',
      { fingerprint: FINGERPRINT, insecure: true },
      0,
      'ok',
      `certificate pinned: ${FINGERPRINT}`,
      undefined,
    ],
    [
      'pinned otherwise, beside insecure',
      { fingerprint: FINGERPRINT.replace(/^../, '00'), insecure: true },
      3,
      'problem',
      'not the pinned one',
      FINGERPRINT,
    ],
    [
      'pinned otherwise',
      { fingerprint: FINGERPRINT.replace(/^../, '00') },
      3,
      'problem',
      'not the pinned one',
      FINGERPRINT,
    ],
  ])('judges a certificate that is %s', async (_, tls, exitCode, level, message, remedy) => {
    const phone = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'), SELF_SIGNED);
    const found = await doctor(['p'], { cwd: configured({ host: `https://${phone.host}`, tls }) });
    expect(found.exitCode).toBe(exitCode);
    expect(found.levels).toEqual(
      levels(exitCode === 0 ? { tls: level } : { ...skippedFrom('path'), tls: level }),
    );
    expect(found.of('tls').message).toContain(message);
    if (remedy === undefined) expect(found.of('tls').remedy).toBeUndefined();
    else expect(found.of('tls').remedy).toContain(remedy);
    expect(phone.received.join('')).toBe(exitCode === 0 ? phone.received.at(-1) : '');
  });

  it('finds a pin that http cannot check', async () => {
    const phone = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    const found = await doctor(['p'], {
      cwd: configured({ host: phone.host, tls: { fingerprint: FINGERPRINT } }),
    });
    expect(found).toMatchObject({ exitCode: 3, levels: levels({ ...skippedFrom('path'), tls: 'problem' }) });
    expect(found.of('tls').remedy).toContain('scheme: https');
    expect(phone.received.join('')).toBe('');
  });

  it('trusts the certificate of a ca', async () => {
    const phone = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'), SELF_SIGNED);
    const cwd = configured({ host: `https://${phone.host}`, tls: { ca: 'ca.pem' } });
    writeFileSync(join(cwd, 'ca.pem'), SELF_SIGNED.cert);
    const found = await doctor(['p'], { cwd });
    expect(found.levels).toEqual(levels());
    expect(found.of('tls').message).toMatch(/^TLSv1\.3, certificate trusted: /);
  });

  it('needs legacy for old firmware, and warns of it', async () => {
    const phone = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'), OLD);
    const host = `https://${phone.host}`;
    const { fingerprint256: fingerprint } = new X509Certificate(OLD.cert);
    const failed = await doctor(['p'], { cwd: configured({ host, tls: { fingerprint } }) });
    expect(failed).toMatchObject({ exitCode: 3, levels: levels({ ...skippedFrom('path'), tls: 'problem' }) });
    expect(failed.of('tls').remedy).toContain('legacy: true');
    const old = await doctor(['p'], { cwd: configured({ host, tls: { fingerprint, legacy: true } }) });
    expect(old).toMatchObject({ exitCode: 0, levels: levels({ tls: 'warning' }) });
    expect(old.of('tls').message).toMatch(/^TLSv1, certificate pinned/);
  });

  it('gives up on a port that does not answer the handshake', async () => {
    const phone = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    const found = await doctor([`https://${phone.host}`, '--timeout', '300ms']);
    expect(found).toMatchObject({ exitCode: 3, levels: levels({ ...skippedFrom('path'), tls: 'problem' }) });
    expect(found.of('tls').message).toContain('no handshake within 300ms');
  });
});

describe('atcom doctor --events', () => {
  it('proves that events arrive, and leaves do-not-disturb off', async () => {
    const port = await closedPort();
    const { simulator, host } = await phones({ actionUrl: `http://127.0.0.1:${port}` });
    const found = await doctor([host, '--events', '--port', String(port)]);
    expect(found).toMatchObject({ exitCode: 0, levels: levels({ events: 'ok' }) });
    expect(found.of('events').message).toBe('openDND and closeDND came; do-not-disturb is off now');
    expect(simulator.state('6001').log.map(({ key }) => key)).toEqual(['RELEASE', 'DND_ON', 'DND_OFF']);
    expect(simulator.state('6001').dnd).toBe(false);
  });

  it('works with a virtual phone of this command', async () => {
    const found = await doctor(['virtual', '--events']);
    expect(found).toMatchObject({ exitCode: 0, levels: levels({ mac: 'ok', events: 'ok' }) });
  });

  it('ends with 6 when none arrives, and says where the phone must report to', async () => {
    const { simulator, host } = await phones();
    const found = await doctor([host, '--events', '--within', '50ms']);
    expect(found).toMatchObject({ exitCode: 6, levels: levels({ events: 'problem' }) });
    expect(found.of('events').message).toContain('nothing was reported');
    expect(found.of('events').message).toContain('do-not-disturb should be off now');
    expect(found.of('events').remedy).toMatch(/atcom action-url list http:\/\/127\.0\.0\.1:\d+ on its page/);
    expect(simulator.state('6001').dnd).toBe(false);
  });

  it('offers no command that is more than one, whatever the URL of the listener holds', async () => {
    const { host } = await phones();
    const url = 'http://127.0.0.1:18090/;{touch,pwned}|sh;';
    const cwd = configured({ host }, { port: await closedPort(), url });
    const { message } = (await doctor(['p'], { cwd })).of('events');
    const { remedy } = (await doctor(['p', '--events', '--within', '50ms'], { cwd })).of('events');
    for (const text of [message, remedy]) expect(text).toContain(`atcom action-url list '${url}' `);
  });

  it('says what was refused instead, also by the listener of another program', async () => {
    const { port } = await receiver({ token: 's3cret.s3cret' });
    const at = `http://127.0.0.1:${port}`;
    const actionUrls = { openDND: `${at}/api/dnd`, closeDND: `${at}/closeDNDUrl.xml?token=wr0ng.s3cret` };
    const { host } = await phones({ actionUrls });
    const found = await doctor([host, '--events', '--within', '300ms', '--port', String(port)]);
    expect(found.exitCode).toBe(6);
    const { message } = found.of('events');
    expect(message).toContain('127.0.0.1 asked for /api/dnd, which names no event');
    expect(message).toContain('127.0.0.1 asked for /closeDNDUrl.xml without the token of this listener');
    expect(message).not.toContain('s3cret');
  });

  it('does not call a phone silent whose listener was lost', async () => {
    const phone = await rawServer((socket, request) => {
      if (request.includes('DND_ON')) lose();
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    });
    let lose = () => {};
    const port = await trusted((response) => {
      response.write('live:\n');
      lose = () => response.write('no event\n');
    });
    const found = await doctor([phone.host, '--events', '--within', '10s', '--port', String(port)]);
    expect(found.exitCode).toBe(6);
    expect(found.of('events').message).toContain('the listener was lost');
    expect(found.of('events').remedy).toContain('atcom listen');
  });

  it('warns when only one of the two arrives', async () => {
    const port = await closedPort();
    const actionUrls = { closeDND: `http://127.0.0.1:${port}/closeDNDUrl.xml?ip=$ip` };
    const { host } = await phones({ actionUrls });
    const found = await doctor([host, '--events', '--within', '200ms', '--port', String(port)]);
    expect(found).toMatchObject({ exitCode: 0, levels: levels({ events: 'warning' }) });
    expect(found.of('events').message).toBe(
      'only closeDND came; do-not-disturb is off now, and may have been on',
    );
  });

  it('does not believe that do-not-disturb is off where only openDND arrives', async () => {
    const port = await closedPort();
    const actionUrls = { openDND: `http://127.0.0.1:${port}/openDNDUrl.xml?ip=$ip` };
    const { host } = await phones({ actionUrls });
    const found = await doctor([host, '--events', '--within', '200ms', '--port', String(port)]);
    expect(found).toMatchObject({ exitCode: 6, levels: levels({ events: 'problem' }) });
    expect(found.of('events').message).toBe('only openDND came; do-not-disturb may still be on');
    expect(found.of('events').remedy).toContain(`atcom dnd off --to ${host}`);
  });

  it('names who reported instead, where the phone is not known by what it says', async () => {
    const port = await closedPort();
    const url = (event: string) => `http://127.0.0.1:${port}/${event}Url.xml?ip=10.9.9.9`;
    const actionUrls = { openDND: url('openDND'), closeDND: url('closeDND') };
    const { host } = await phones({ actionUrls });
    const found = await doctor([host, '--events', '--within', '200ms', '--port', String(port)]);
    expect(found.exitCode).toBe(6);
    expect(found.of('events').message).toContain('only 10.9.9.9 behind 127.0.0.1 (shared) reported');
  });

  it('presses nothing more on a phone that asks', async () => {
    const { simulator, host } = await phones({ approved: false });
    const found = await doctor([host, '--events']);
    expect(found.exitCode).toBe(4);
    expect(found.of('events').level).toBe('skipped');
    expect(simulator.state('6001').dnd).toBe(false);
  });

  it.each([
    ['HTTP/1.0 200 OK\r\n\r\n', 'skipped', 'do-not-disturb should be off now'],
    ['', 'problem', 'do-not-disturb may still be on'],
  ])('turns do-not-disturb off after Ctrl-C; answered %j it says so', async (answer, level, message) => {
    const stop = new AbortController();
    const phone = await rawServer((socket, request) => {
      if (request.includes('DND_ON')) stop.abort();
      else socket.end(request.includes('DND_OFF') ? answer : 'HTTP/1.0 200 OK\r\n\r\n');
    });
    const found = await doctor([phone.host, '--events'], { signal: stop.signal });
    expect(found.exitCode).toBe(130);
    expect(found.of('events').level).toBe(level);
    expect(found.of('events').message).toContain(message);
    expect(phone.received.at(-1)).toContain('key=DND_OFF ');
  });

  it('ends with the outcome of DND_ON where that was not taken, and needs no DND_OFF', async () => {
    const phone = await rawServer((socket, request) => {
      socket.end(`HTTP/1.0 ${request.includes('DND_ON') ? '403 Forbidden' : '200 OK'}\r\n\r\n`);
    });
    const found = await doctor([phone.host, '--events']);
    expect(found).toMatchObject({ exitCode: 4, levels: levels({ events: 'problem' }) });
    expect(found.of('events').message).toContain('DND_ON: ');
    expect(phone.received.join('')).not.toContain('DND_OFF');
  });

  it('turns do-not-disturb off also where only the first of its keys were taken', async () => {
    const phone = await rawServer((socket, request) =>
      socket.end(`HTTP/1.1 ${/key=OK/.test(request) ? '500 X' : '200 OK'}\r\n\r\n`),
    );
    const cwd = configured({ host: phone.host, delay: '1ms', verbs: { 'dnd.on': 'DND_ON;OK' } });
    const found = await doctor(['p', '--events'], { cwd });
    expect(found.of('events')).toMatchObject({
      level: 'problem',
      message: expect.stringContaining('DND_ON: only 1 of 2 requests were carried out'),
    });
    const keys = phone.received.flatMap((request) => /key=(\S+)/.exec(request)?.[1] ?? []);
    expect(keys.slice(-3)).toEqual(['DND_ON', 'OK', 'DND_OFF']);
  });

  it('says so when do-not-disturb could not be turned off, and how to', async () => {
    const phone = await rawServer((socket, request) => {
      socket.end(request.includes('DND_OFF') ? 'HTTP/1.0 500 Oops\r\n\r\n' : 'HTTP/1.0 200 OK\r\n\r\n');
    });
    const found = await doctor([phone.host, '--events', '--within', '50ms']);
    expect(found.exitCode).toBe(5);
    expect(found.of('events').remedy).toBe(`atcom dnd off --to ${phone.host}`);
  });
});

describe('the listener of atcom doctor', () => {
  it('is a problem when its port belongs to something else', async () => {
    const { host } = await phones();
    const other = await answering('HTTP/1.0 200 OK\r\n\r\n');
    const found = await doctor([host, '--port', String(other.port)]);
    expect(found).toMatchObject({ exitCode: 6, levels: levels({ events: 'problem' }) });
    expect(found.of('events').message).toContain('it is in use');
  });

  it('is that of an atcom that already listens', async () => {
    const { host } = await phones();
    const other = await startReceiver({ port: 0, secret: SECRET });
    onTestFinished(() => other.close());
    const found = await doctor([host, '--port', String(other.port)]);
    expect(found).toMatchObject({ exitCode: 0, levels: levels() });
    expect(found.of('events').message).toContain('an atcom receiver that is already running');
  });

  it('is reported with the URL from the config', async () => {
    const { host } = await phones();
    const cwd = configured({ host }, { url: 'http://192.0.2.9:80' });
    expect((await doctor(['p'], { cwd })).of('events').message).toContain('list http://192.0.2.9:80 ');
  });

  it.each([
    ['http://127.0.0.1:8088', '172.16.0.184', true],
    ['http://localhost:8088', '172.16.0.184', true],
    ['http://127.0.0.1:8088', '127.0.0.1', false],
    ['http://127.0.0.1:8088', '::1', false],
    ['http://172.16.0.184:8088', '172.16.0.184', false],
    ['http://127.0.0.1:8088', undefined, false],
    ['no url', '172.16.0.184', false],
  ])('at %s is out of reach of a phone that sees %s: %s', (url, own, out) => {
    const remedy =
      'listen at an address that the phone can reach: listener: { host: 0.0.0.0, port: 8088, url: "http://172.16.0.184:8088" } in the config';
    expect(loopbackRemedy(url, own, 8088)).toBe(out ? remedy : undefined);
  });

  it.each([
    [['0.0.0.0'], '172.16.0.184', 'http://172.16.0.184:8088'],
    [['::'], 'fe80::1', 'http://[fe80::1]:8088'],
    [['10.0.0.1'], '172.16.0.184', 'http://10.0.0.1:8088'],
    [['127.0.0.1', '172.16.0.184'], '172.16.0.184', 'http://172.16.0.184:8088'],
    [['127.0.0.1', '::1'], '172.16.0.184', 'http://127.0.0.1:8088'],
    [[], '172.16.0.184', 'http://172.16.0.184:8088'],
    [['0.0.0.0'], undefined, 'http://127.0.0.1:8088'],
  ])('at %s is reached from %s at %s', (addresses, own, reached) => {
    expect(reachedAt({ addresses, port: 8088 }, own)).toBe(reached);
  });
});

describe('what atcom doctor writes', () => {
  it('is a line a check, with the remedy below', async () => {
    const { host } = await phones({ approved: false });
    const { exitCode, stdout, stderr } = await run(['doctor', host, '--port', '0']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 4, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toBe(host);
    expect(lines[2]).toBe('  name         ok       127.0.0.1 is an address');
    expect(lines.filter((line) => /^ {2}\S/.test(line)).map((line) => line.slice(15, 22).trim())).toEqual(
      levels({ credentials: 'skipped', 'allow-list': 'problem', approval: 'problem' }).map(
        (text) => text.split(' ')[1],
      ),
    );
    expect(stdout.match(/^ {24}Fix: /gm)).toHaveLength(2);
  });

  it('has colour where that is wanted', async () => {
    const { host } = await phones();
    const { stdout } = await run(['doctor', host, '--port', '0', '--color', 'always']);
    expect(stdout).toContain('\u001b[32mok     \u001b[39m');
  });

  it('has only problems with -q', async () => {
    const { host } = await phones();
    const refused = `127.0.0.1:${await closedPort()}`;
    const { exitCode, stdout } = await run(['doctor', host, refused, '--port', '0', '-q']);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^127\.0\.0\.1:\d+\n {2}port .*\n +Fix: .*\n$/);
    expect(stdout).toContain(refused);
    expect(await run(['doctor', host, '--port', '0', '-q'])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });

  it('holds no character that moves the cursor', async () => {
    const { host } = await phones();
    const env = { HOME: join(emptyFolder(), '\u001b[2J') };
    mkdirSync(approvalsFile(me(env)), { recursive: true });
    const { exitCode, stdout } = await run(['doctor', host, '--port', '0'], { env });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('\\u001b[2J');
    expect(stdout).toContain('cannot be read: it is a folder');
    expect(stdout).not.toContain('\u001b');
  });

  it.each([
    [
      [
        ['events', 6],
        ['approval', 4],
      ],
      4,
    ],
    [
      [
        ['status', 7],
        ['port', 3],
      ],
      3,
    ],
    [[], 0],
  ] as const)('ends with the code of the worst finding: %j gives %i', (problems, exitCode) => {
    const findings = problems.map(([check, code]) => [
      { check, level: 'problem', message: '', exitCode: code } as const,
      { check: 'config', level: 'ok', message: '' } as const,
    ]);
    expect(worstExitCode(findings, true)).toBe(exitCode);
  });

  it('says what was skipped at Ctrl-C, and ends with 130', async () => {
    const stop = new AbortController();
    const phone = await rawServer(() => stop.abort());
    const found = await doctor([phone.host], { signal: stop.signal });
    expect(found.exitCode).toBe(130);
    expect(found.of('status').message).toContain('the keys may have been pressed (RELEASE)');
    expect(found.of('events')).toMatchObject({ level: 'skipped', message: 'interrupted' });
    const never = await doctor([phone.host], { signal: AbortSignal.abort() });
    expect(never.levels).toEqual(levels({ ...skippedFrom('name'), events: 'skipped' }));
    expect(phone.connections).toBe(2);
  });
});

describe('atcom doctor with nothing configured', () => {
  it('says on a terminal how to start', async () => {
    const { exitCode, stdout, stderr } = await run(['doctor'], { typed: '' });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    for (const word of ['--to virtual', 'atcom sim', 'Action URI allow IP list', 'atcom allow', 'phones:']) {
      expect(stderr).toContain(word);
    }
    const json = await run(['doctor', '--json'], { typed: '' });
    expect(JSON.parse(json.stdout)).toMatchObject({ exitCode: 2, error: { code: 'no-target' } });
  });

  it('shows a config that works', async () => {
    const { stderr } = await run(['doctor'], { typed: '' });
    const example = stderr.slice(stderr.indexOf('default:')).replace(/^ {2}/gm, '');
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'atcom.config.yaml'), example);
    expect((await run(['config', 'validate'], { cwd })).stdout).toContain('ok, 1 phone');
  });

  it('is a mistake elsewhere, and with a config without a default', async () => {
    expect(await run(['doctor'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('[no-target]'),
    });
    const cwd = configured({ host: '127.0.0.1' });
    const { exitCode, stderr } = await run(['doctor'], { cwd, typed: '' });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('select one with --to: p');
  });
});

it('folds phones with the same findings, and sums up', async () => {
  const answering = async (status: string, names: readonly string[]) =>
    Promise.all(
      names.map(async (name) => {
        const { host } = await rawServer((socket) => socket.end(`HTTP/1.0 ${status}\r\n\r\n`));
        return `  ${name}: "${host}"`;
      }),
    );
  const phones = [
    ...(await answering('200 OK', ['good-1', 'good-2', 'good-3', 'good-4', 'good-5', 'good-6'])),
    ...(await answering('404 Not Found', ['bad-1', 'bad-2', 'bad-3', 'bad-4', 'bad-5'])),
  ];
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'atcom.config.yaml'), `phones:\n${phones.join('\n')}\n`);
  const { stdout, exitCode } = await run(['doctor', '--all', '--yes', '--port', '0'], { cwd });
  expect(exitCode).not.toBe(0);
  expect(stdout).toMatch(/^good-\[1-6\] \(6\) {2}ok {2}events not checked: --events$/m);
  expect(stdout).toMatch(/^bad-\[1-5\] \(5\)$/m);
  expect(stdout.match(/^ {2}path /gm)).toHaveLength(1);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('11 phones: 6 ok, 5 with a problem (path)');
  // The summary of a quiet run counts those of which nothing is told, too.
  const quiet = await run(['doctor', '--all', '--yes', '--port', '0', '--quiet'], { cwd });
  expect(quiet.stdout).not.toContain('good-');
  expect(quiet.stdout.trimEnd().split('\n').at(-1)).toBe('11 phones: 6 ok, 5 with a problem (path)');
});

it('folds a hundred phones that are off, each at a port of its own, and names them in commands', async () => {
  const cwd = emptyFolder();
  const asking = await startSimulator({ phones: 20 });
  onTestFinished(() => asking.close());
  const closed = new Set<number>();
  while (closed.size < 100) closed.add(await closedPort());
  const lines = [
    ...[...closed].map((port, index) => `  off-${String(index + 1).padStart(3, '0')}: "127.0.0.1:${port}"`),
    ...asking.phones.map(({ host }, index) => `  ask-${index + 1}: "${host}"`),
  ];
  writeFileSync(join(cwd, 'atcom.config.yaml'), `phones:\n${lines.join('\n')}\n`);
  const { stdout } = await run(['doctor', '--all', '--yes', '--port', '0'], { cwd });
  expect(stdout).toMatch(/^off-\[001-100\] \(100\)\n {2}port +problem +connection to its port refused/m);
  expect(stdout).toMatch(/^ask-\[1-20\] \(20\)$/m);
  expect(stdout).toContain("atcom allow 'ask-[1-20]' waits for that");
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('120 phones: 120 with a problem (port, allow-list)');
  expect(stdout.split('\n').length).toBeLessThan(20);
});

it('breaks the lines of a message at blanks, on a terminal only', async () => {
  const host = `127.0.0.1:${await closedPort()}`;
  const words = ['doctor', host, '--port', '0'];
  const { stdout: whole } = await run(words);
  const { stdout: broken } = await run(words, { typed: '' });
  const longest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));
  expect(longest(whole)).toBeGreaterThan(80);
  expect(longest(broken)).toBeLessThanOrEqual(80);
  // Only a Fix begins another line where nothing is broken.
  expect(broken.replace(/\n {24}(?!Fix:)/g, ' ').replace(/:\d+/g, '')).toBe(whole.replace(/:\d+/g, ''));
});

it.each([
  ['a bb ccc', 4, ['a bb', 'ccc']],
  ['a bb ccc', 8, ['a bb ccc']],
  ['http://172.16.0.184:8088 a b', 3, ['http://172.16.0.184:8088', 'a b']],
  ['', 3, ['']],
  ['a b', Number.POSITIVE_INFINITY, ['a b']],
] as const)('breaks %j at a width of %d', (text, width, lines) => {
  expect(wrapped(text, width)).toEqual(lines);
});
