import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Exchange, type ExchangeRequest, Phone, setTransport } from '../../src/phone/index.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import { run } from '../cli/run.ts';
import { rawServer } from '../support/raw-server.ts';

const ANSWER: Exchange = { kind: 'answer', status: 200, head: '', body: '' };

afterEach(() => {
  vi.unstubAllEnvs();
  setTransport();
});

describe('with ATCOM_OFFLINE', () => {
  it.each(['1', 'true', 'no'])('=%s no phone is connected to', async (value) => {
    vi.stubEnv('ATCOM_OFFLINE', value);
    const server = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    for (const scheme of ['http', 'https'] as const) {
      const phone = new Phone({ host: server.host, scheme, tls: { insecure: true } });
      const report = await phone.press(['HOLD']);
      expect(report).toMatchObject({ outcome: 'unreachable', error: { code: 'offline', exitCode: 3 } });
      expect(await phone.isUp()).toBeUndefined();
    }
    expect(server.connections).toBe(0);
  });

  it.each(['', '0'])('=%j phones are reached', async (value) => {
    vi.stubEnv('ATCOM_OFFLINE', value);
    const server = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    expect((await new Phone({ host: server.host }).press(['HOLD'])).outcome).toBe('ok');
  });

  it('virtual phones of the same process are reached, as long as they are there', async () => {
    vi.stubEnv('ATCOM_OFFLINE', '1');
    const simulator = await startSimulator({ approved: true });
    const [{ host, port } = { host: '', port: 0 }] = simulator.phones.map(({ host }) => ({
      host,
      port: Number(host.split(':')[1]),
    }));
    expect((await new Phone({ host }).press(['HOLD'])).outcome).toBe('ok');
    await simulator.close();
    const other = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n')).listen(port, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    expect(await new Phone({ host }).press(['HOLD'])).toMatchObject({ error: { code: 'offline' } });
  });

  it.each([
    [['hold', '--to'], 3],
    [['doctor'], 3],
    [['discover', '127.0.0.1', '--port'], 3],
    [['status'], 3],
    [['hold', '--to', 'virtual', '--exclude'], 0],
  ])('%j connects to no phone', async (words, exitCode) => {
    vi.stubEnv('ATCOM_OFFLINE', '1');
    const server = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    const last = words.at(-1) === '--port' ? String(server.port) : server.host;
    const { stdout, stderr, ...ended } = await run([...words, last]);
    expect(ended.exitCode).toBe(exitCode);
    // Of a phone that was not asked, nothing else is said.
    if (exitCode !== 0) expect(stdout + stderr).toContain('was not contacted: ATCOM_OFFLINE is set');
    expect(server.connections).toBe(0);
  });
});

describe('setTransport', () => {
  it('takes every request, also of phones that were there before, and offline', async () => {
    vi.stubEnv('ATCOM_OFFLINE', '1');
    const phone = new Phone({ host: '172.16.0.57', timeout: 1000, auth: 'basic', user: 'a', password: 'b' });
    const requests: ExchangeRequest[] = [];
    setTransport(async (request) => {
      requests.push(request);
      return ANSWER;
    });
    expect((await phone.dial('6040')).outcome).toBe('ok');
    expect(await phone.isUp()).toBe(true);
    expect(requests.map(({ path }) => path)).toEqual([
      '/cgi-bin/server.cgi?key=6040;DIAL',
      '/cgi-bin/server_test.cgi',
    ]);
    expect(requests[0]).toMatchObject({ endpoint: { host: '172.16.0.57' }, authorization: 'Basic YTpi' });
  });

  it.each<[Exchange['kind'], string]>([
    ['undelivered', 'unreachable'],
    ['lost', 'unknown'],
  ])('can say that a request was %s', async (kind, outcome) => {
    setTransport(async () => ({ kind, error: new Error('said so') }) as Exchange);
    expect(await new Phone({ host: '172.16.0.57' }).hangup()).toMatchObject({ outcome });
  });

  it('gives way to what a phone was given of its own', async () => {
    setTransport(async () => ({ kind: 'lost', error: new Error('not asked') }));
    const phone = new Phone({ host: '172.16.0.57' }, async () => ANSWER);
    expect((await phone.hangup()).outcome).toBe('ok');
  });

  it('without an argument connects again', async () => {
    const server = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    const phone = new Phone({ host: server.host });
    setTransport(async () => ANSWER);
    await phone.hangup();
    expect(server.connections).toBe(0);
    setTransport();
    await phone.hangup();
    expect(server.connections).toBe(1);
  });
});
