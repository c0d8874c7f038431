import { IncomingMessage, ServerResponse } from 'node:http';
import { connect, createServer, Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { newActionUrls } from '../../src/simulator/action-urls.ts';
import { newDesk } from '../../src/simulator/desk.ts';
import { newHandler } from '../../src/simulator/handler.ts';
import { identityOf } from '../../src/simulator/values.ts';
import { newBench, press, send } from './helpers.ts';
import { start, startAwaiting } from './started.ts';

/** Sends bytes and waits until the other side closes. */
function sendBytes(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
  });
}

describe('bad input', () => {
  it.each([
    ['no HTTP', 'GARBAGE\r\n\r\n', '400'],
    ['an endless URL', `GET /cgi-bin/server.cgi?key=${'6;'.repeat(20_000)} HTTP/1.1\r\n\r\n`, '431'],
    ['an endless URL elsewhere', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`, '431'],
    ['no Host', 'GET /cgi-bin/server.cgi?key=MENU HTTP/1.0\r\n\r\n', '200'],
    ['a URL of a proxy', 'GET http://a/cgi-bin/server.cgi?key=MENU HTTP/1.0\r\n\r\n', '404'],
  ])('%s is answered and the phone goes on', async (_name, bytes, status) => {
    const { url } = await start({ approved: true });
    expect((await sendBytes(url, bytes)).split(' ')[1]).toBe(status);
    expect((await press(url, 'MENU')).status).toBe(200);
  });

  it('what sends more requests than it waits for is cut off, and the phone goes on', async () => {
    const { url, simulator } = await start({ approved: true });
    await sendBytes(url, 'GET /cgi-bin/server.cgi?key=1 HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(150));
    expect(simulator.state('6001').presses).toBe(1);
    expect((await press(url, 'MENU')).status).toBe(200);
  });

  it('what opens hundreds of connections keeps only so many, and leaves it as it was', async () => {
    const { url } = await start();
    const { hostname, port } = new URL(url);
    const sockets = Array.from({ length: 300 }, () => connect(Number(port), hostname));
    const left = new Set(sockets);
    await new Promise<void>((resolve) => {
      for (const socket of sockets)
        socket
          .on('error', () => undefined)
          .on('close', () => {
            left.delete(socket);
            if (left.size === 256) resolve();
          });
    });
    for (const socket of left) socket.destroy();
    await expect.poll(() => send(url, '/_sim/lcd').then(({ status }) => status, String)).toBe(200);
  });

  it('goes on when a body breaks off', async () => {
    const { url } = await start();
    const { hostname, port } = new URL(url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write('POST /_sim/lcd HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{', () =>
          socket.destroy(),
        );
      });
      socket.on('close', () => resolve());
    });
    expect((await send(url, '/_sim/lcd')).status).toBe(200);
  });

  it('keeps its log, digits and display short, whatever arrives', async () => {
    const { url, simulator } = await start({ approved: true });
    expect((await press(url, '6;'.repeat(4000))).status).toBe(200);
    expect((await press(url, 'y'.repeat(8000))).status).toBe(200);
    expect((await press(url, '7'.repeat(8000))).status).toBe(200);
    const { log, presses, digits, keys, lcd } = simulator.state('6001');
    expect(presses).toBe(4002);
    expect(keys).toEqual({ '6': 4000, '7': 8000 });
    expect(log).toHaveLength(200);
    expect(log.every(({ key, did }) => key.length <= 40 && did.join('').length < 100)).toBe(true);
    expect(digits).toHaveLength(32);
    expect(lcd.every((line) => line.length <= 32)).toBe(true);
  });
});

describe('latency', () => {
  it('delays the answer, not the keys', async () => {
    const { url, simulator, seen } = await startAwaiting('screen', { approved: true, latency: 60_000 });
    const failure = expect(press(url, 'MENU')).rejects.toMatchObject({ code: 'ECONNRESET' });
    await seen;
    expect(simulator.state('6001').screen).toBe('Menu');
    expect((await send(url, '/_sim/state')).status).toBe(200);
    await simulator.close();
    await failure;
  });

  it('leaves no timer behind when no one waits for the response', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const desk = newDesk({
        station: newBench(1).station('6001'),
        urls: newActionUrls({}),
        identity: identityOf(0, '127.0.0.1', 80),
        allow: 'any',
        approved: true,
        happened: () => undefined,
      });
      const socket = new Socket();
      const req = Object.assign(new IncomingMessage(socket), {
        method: 'GET',
        url: '/cgi-bin/server_test.cgi',
      });
      const res = new ServerResponse(req);
      // It is connected to nobody.
      res.assignSocket(socket.on('error', () => undefined));
      const answered = newHandler(desk, {
        promptReply: 403,
        latency: 60_000,
        faults: { get: () => [], set: () => undefined },
        identity: identityOf(0, '127.0.0.1', 80),
      })(req, res);
      await Promise.resolve();
      expect(vi.getTimerCount()).toBe(1);
      res.emit('close');
      expect(vi.getTimerCount()).toBe(0);
      await answered;
    } finally {
      vi.useRealTimers();
    }
  });

  it('passes', async () => {
    const { url } = await start({ approved: true, latency: 30 });
    const before = performance.now();
    expect((await press(url, 'MENU')).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(25);
  });
});

/** Nothing else takes ports here, so that the one before a free one is free as well. */
const HOST = '127.0.0.77';

describe('ports', () => {
  it('are taken one after the other, and all given back when one is in use', async () => {
    const blocker = createServer();
    const taken = await new Promise<number>((resolve) => {
      blocker.listen(0, HOST, () => {
        const address = blocker.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    await expect(start({ phones: 2, port: taken - 1, host: HOST })).rejects.toMatchObject({
      code: 'port-unavailable',
      details: { address: `${HOST}:${taken}`, reason: 'the port is in use' },
    });
    await new Promise((resolve) => blocker.close(resolve));
    const { simulator } = await start({ phones: 2, port: taken - 1, host: HOST });
    expect(simulator.phones.map(({ host }) => host)).toEqual([`${HOST}:${taken - 1}`, `${HOST}:${taken}`]);
  });

  it.each([
    [{ port: 65_535, phones: 2 }, '127.0.0.1:65536'],
    [{ port: -1 }, '127.0.0.1:-1'],
  ])('%j is refused with the address', async (options, address) => {
    await expect(start(options)).rejects.toMatchObject({ code: 'port-unavailable', details: { address } });
  });

  it('can be closed twice', async () => {
    const { simulator, url } = await start();
    await Promise.all([simulator.close(), simulator.close()]);
    await simulator.close();
    await expect(press(url, 'MENU')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
