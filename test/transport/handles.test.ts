import { spawn } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Phone } from '../../src/phone/index.ts';
import type { Exchange } from '../../src/transport/exchange.ts';
import { scarcityOf, withHandle } from '../../src/transport/handles.ts';
import { emptyFolder } from '../cli/run.ts';
import { rawServer } from '../support/raw-server.ts';

const OK: Exchange = { kind: 'answer', status: 200, head: '', body: '' };

function scarce(code: string): Exchange {
  return { kind: 'undelivered', error: Object.assign(new Error(code), { code }) };
}

function within(ms: number, signal?: AbortSignal) {
  return { within: ms, signal, without: (error: Error): Exchange => ({ kind: 'undelivered', error }) };
}

describe('an exchange for which there is no handle', () => {
  it('waits for one that is given back, and is made once', async () => {
    let [open, most, tries] = [0, 0, 0];
    const exchange = async () => {
      tries += 1;
      if (open >= 3) return scarce('EMFILE');
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return OK;
    };
    const results = await Promise.all(Array.from({ length: 50 }, () => withHandle(exchange, within(60_000))));
    expect(results.every(({ kind }) => kind === 'answer')).toBe(true);
    expect(most).toBe(3);
    // Those that were refused at once, and not again and again.
    expect(tries).toBeLessThan(50 * 3);
  });

  it.each(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS'])(
    'is given up after its time, with %s',
    async (code) => {
      const result = await withHandle(async () => scarce(code), within(0));
      expect(result.kind === 'undelivered' && scarcityOf(result.error)).toBe(code);
    },
  );

  it("is told as this computer's, not as the phone's", async () => {
    const phone = new Phone({ host: '127.0.0.1:1' }, async () => scarce('EMFILE'));
    expect(await phone.press(['HOLD'])).toMatchObject({
      outcome: 'unreachable',
      error: { code: 'no-handles', hint: expect.stringContaining('ulimit -n') },
    });
  });

  describe('and that others keep', () => {
    /** One that has the only handle until it is told, and makes it known that there is one only. */
    async function kept() {
      let release = () => {};
      const first = withHandle(
        () => new Promise<Exchange>((resolve) => (release = () => resolve(OK))),
        within(60_000),
      );
      // A second finds none, so that from now on one is open at a time.
      let tried = 0;
      const second = withHandle(async () => (tried++ === 0 ? scarce('EMFILE') : OK), within(60_000));
      await new Promise((resolve) => setImmediate(resolve));
      onTestFinished(async () => {
        release();
        await Promise.all([first, second]);
      });
      return { release: () => release(), second };
    }
    const never = async (): Promise<Exchange> => {
      throw new Error('it was made without a handle');
    };

    it('is given up after its time, and was not made', async () => {
      await kept();
      const result = await withHandle(never, within(20));
      expect(result).toMatchObject({ kind: 'undelivered', error: { code: expect.stringMatching(/^E/) } });
    });

    it.each([
      ['before', AbortSignal.abort(new Error('stopped'))],
      ['meanwhile', AbortSignal.timeout(20)],
    ])('is given up when it is stopped %s', async (_, signal) => {
      await kept();
      const result = await withHandle(never, within(3_600_000, signal));
      expect(result).toMatchObject({ kind: 'undelivered', error: signal.reason });
    });

    it('is passed over by those that were given up', async () => {
      const { release, second } = await kept();
      await withHandle(never, within(5));
      const next = withHandle(async () => OK, within(60_000));
      release();
      expect(await next).toBe(OK);
      expect(await second).toBe(OK);
    });
  });

  it.each(['ECONNREFUSED', 'ETIMEDOUT'])('is not one with %s', async (code) => {
    let tries = 0;
    const refused = async () => {
      tries += 1;
      return scarce(code);
    };
    await withHandle(refused, within(60_000));
    expect(tries).toBe(1);
  });
});

it('one signal stops any number of phones without a warning of Node', async () => {
  const { signal } = new AbortController();
  const server = await rawServer((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\n'));
  const phones = Array.from({ length: 30 }, (_, index) => `127.0.1.${index + 1}:${server.port}`);
  const sent = phones.map((host) => new Phone({ host }).press(['HOLD'], { signal, retry: 1 }));
  await new Promise((resolve) => setImmediate(resolve));
  expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(1);
  await Promise.all(sent);
});

it('with few handles every phone is served all the same', async () => {
  const pressed = new Set<string>();
  const hosts = Array.from({ length: 80 }, (_, index) => `127.0.2.${index + 1}`);
  const servers = hosts.map((host) =>
    createServer((request, response) => {
      pressed.add(`${host} ${request.url}`);
      response.end();
    }),
  );
  onTestFinished(() => {
    for (const server of servers) server.close();
  });
  let port = 0;
  for (const [index, server] of servers.entries()) {
    await new Promise<void>((resolve) => server.listen(port, hosts[index], resolve));
    port = (server.address() as { port: number }).port;
  }
  const home = emptyFolder();
  const program = new URL('../../bin/atcom.js', import.meta.url).pathname;
  const line = `ulimit -n 48; exec "$0" "$1" key HOLD --to '127.0.2.[1-80]:${port}' --yes --json`;
  const child = spawn('sh', ['-c', line, process.execPath, program], { env: { HOME: home }, cwd: home });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    out += text;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect([code, JSON.parse(out).summary]).toMatchObject([0, { phones: 80, ok: 80 }]);
  expect(pressed.size).toBe(80);
});
