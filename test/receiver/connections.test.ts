import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { onceRead } from '../../src/once-read.ts';
import { limitConnections } from '../../src/receiver/connections.ts';
import { receiverHandler } from '../../src/receiver/handler.ts';
import { mostConnections } from '../../src/receiver/handles.ts';
import { EventHub } from '../../src/receiver/hub.ts';
import { Phonebook } from '../../src/receiver/phonebook.ts';
import { emptyFolder } from '../cli/run.ts';
import { expectService } from './hostile.ts';
import { halfOpen, receiver, send } from './raw.ts';

/** A server that takes so many connections, and who is open. */
async function limited(most: number) {
  const server = createServer();
  let warnings = 0;
  const connections = limitConnections(server, most, () => {
    warnings += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    connections.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  /** Connects from an address; settles when the server has it. */
  const open = async (from: string): Promise<Socket> => {
    const taken = once(server, 'connection');
    const socket = connect({ port, host: '127.0.0.1', localAddress: from })
      .on('error', () => undefined)
      .resume();
    await taken;
    return socket;
  };
  return { open, connections, server, warnings: () => warnings };
}

/** The next connection that a server of this process takes at a port, as that server has it. */
const acceptedAt = (port: number) =>
  new Promise<Socket>((resolve) => {
    const take = (message: unknown) => {
      const { socket } = message as { socket: Socket };
      if (socket.localPort !== port) return;
      unsubscribe('net.server.socket', take);
      resolve(socket);
    };
    subscribe('net.server.socket', take);
  });

/** Settles at its end, whatever ended it. */
const closed = (socket: Socket) =>
  new Promise<void>((resolve) => (socket.closed ? resolve() : socket.once('close', () => resolve())));

describe('where too many connections are open', () => {
  it('the oldest is closed once what has arrived on it is read', async () => {
    const server = createServer();
    limitConnections(server, 1, () => undefined);
    const [oldest, newest] = [new Socket(), new Socket()];
    for (const socket of [oldest, newest]) server.emit('connection', socket);
    const read = new Promise((resolve) => onceRead(() => resolve(oldest.destroyed), 2));
    expect(await read).toBe(false);
    await closed(oldest);
    expect(newest.destroyed).toBe(false);
  });

  it('the oldest of the address that has most gives way to the newest', async () => {
    const { open, warnings } = await limited(4);
    const phone = await open('127.0.0.3');
    const [first, second, third] = [
      await open('127.0.0.2'),
      await open('127.0.0.2'),
      await open('127.0.0.2'),
    ];
    expect(warnings()).toBe(0);
    const fourth = await open('127.0.0.2');
    await closed(first);
    const other = await open('127.0.0.4');
    await closed(second);
    expect(warnings()).toBe(2);
    expect([phone, third, fourth, other].map((socket) => socket.closed)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('of many addresses with one each, the oldest', async () => {
    const { open } = await limited(3);
    const sockets: Socket[] = [];
    for (let number = 1; number <= 5; number += 1) sockets.push(await open(`127.0.1.${number}`));
    await Promise.all(sockets.slice(0, 2).map(closed));
    expect(sockets.slice(2).map((socket) => socket.closed)).toEqual([false, false, false]);
  });

  it('one that is kept never does', async () => {
    const { open, connections, server } = await limited(2);
    const kept = once(server, 'connection');
    const stream = await open('127.0.0.1');
    const [socket] = await kept;
    connections.keep(socket);
    const [first, , third] = [await open('127.0.0.1'), await open('127.0.0.1'), await open('127.0.0.1')];
    await closed(first);
    expect([stream.closed, third.closed]).toEqual([false, false]);
    connections.destroy();
    await Promise.all([stream, third].map(closed));
  });
});

describe('as many connections may be open as there are handles, less some that are kept free', () => {
  it.each([
    ['1024', 1024 - 128],
    ['40', 20],
    ['1', 1],
    ['256', 128],
    ['1048576', 4096],
    ['unlimited', 4096 - 128],
  ])('of %s', async (soft, most) => {
    const file = join(emptyFolder(), 'limits');
    writeFileSync(
      file,
      `Limit  Soft Limit  Hard Limit  Units\nMax open files            ${soft}                 ${soft}    files\n`,
    );
    expect(await mostConnections(file)).toBe(most);
  });

  it('where the system does not tell', async () => {
    expect(await mostConnections('/no/such/file')).toBe(1024 - 128);
  });
});

describe('a connection whose request is refused', () => {
  const REFUSED = [
    ['is no HTTP', 'nonsense\r\n\r\n', '400'],
    ['has another method', 'POST /holdUrl.xml HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n', '405'],
    ['has a body', 'GET /holdUrl.xml HTTP/1.1\r\nContent-Length: 9\r\n\r\n', '413'],
    ['is too long', `GET /${'x'.repeat(9000)} HTTP/1.1\r\n\r\n`, '414'],
    ['comes from a page', 'GET /holdUrl.xml HTTP/1.0\r\nSec-Fetch-Site: cross-site\r\n\r\n', '403'],
    ['asks for a tunnel', 'CONNECT x:80 HTTP/1.1\r\n\r\n', '405'],
  ] as const;

  it.each(REFUSED)(
    'because it %s, is over although the other side leaves it open',
    async (_, request, status) => {
      const { port } = await receiver();
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk;
      });
      socket.write(request);
      // A connection that is only half closed would take whatever is written to it for ever.
      const timer = setInterval(() => socket.write('x'), 50);
      socket.on('error', () => undefined);
      await closed(socket);
      clearInterval(timer);
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    },
  );

  it.each(REFUSED)('because it %s, may be reset', async (_, request) => {
    const { port } = await receiver();
    const uncaught = vi.fn();
    process.once('uncaughtExceptionMonitor', uncaught);
    onTestFinished(() => {
      process.off('uncaughtExceptionMonitor', uncaught);
    });
    const taken = acceptedAt(port);
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    socket.write(request);
    const accepted = await taken;
    socket.once('data', () => socket.resetAndDestroy());
    await closed(accepted);
    expect(uncaught).not.toHaveBeenCalled();
  });

  it('reports nothing more, whatever follows on it', async () => {
    const { port, hub } = await receiver();
    await send(
      port,
      'POST /holdUrl.xml HTTP/1.1\r\nContent-Length: 0\r\n\r\nGET /muteUrl.xml HTTP/1.1\r\n\r\n',
    );
    expect(hub.since(0)).toEqual([]);
  });
});

it('a refused connection is closed soon, also where nobody reads the answers before that', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const counts = { unknown: 0, refused: 0 };
  const handle = receiverHandler({ hub: new EventHub(), phonebook: new Phonebook([]), counts });
  const connection = new Socket();
  // Its answer never leaves.
  const response = { writeHead: () => response, end: () => response };
  const request = { method: 'POST', url: '/holdUrl.xml', headers: {}, rawHeaders: [], socket: connection };
  handle(request as unknown as IncomingMessage, response as unknown as ServerResponse);
  expect([counts.refused, connection.destroyed]).toEqual([1, false]);
  vi.advanceTimersByTime(1000);
  expect(connection.destroyed).toBe(true);
});

it('a phone is heard beside hundreds that ask for half of something and stop, and they are let go', async () => {
  const started = await receiver();
  const slow = await Promise.all(Array.from({ length: 400 }, () => halfOpen(started.port, 'GET /off')));
  await expectService(started);
  await Promise.all(slow.map((socket) => closed(socket.resume())));
  expect(started.counts.refused).toBeGreaterThan(100);
  expect(started.hub.refusedSince(0)).toMatchObject([{ refused: 'cut-short', path: '/off' }]);
  await expectService(started);
}, 30_000);
