import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { RefusedRequest } from '../../src/receiver/index.ts';
import { takeLateRequests } from '../../src/receiver/late-requests.ts';
import { get, receiver, send } from './raw.ts';

/** A connection that stays open on this side although the other one has closed its own. */
async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).setNoDelay();
  onTestFinished(() => void socket.destroy());
  await once(socket.on('error', () => undefined).resume(), 'connect');
  return socket;
}

const fixture = (name: string) =>
  readFileSync(new URL(`../support/certificates/${name}`, import.meta.url), 'utf8');

describe('a request that was begun is told where its connection is', () => {
  it.each([
    ['reset', (socket: Socket) => socket.resetAndDestroy()],
    ['closed', (socket: Socket) => socket.destroy()],
  ])('%s before its end', async (_, leave) => {
    const { hub, port, counts } = await receiver();
    const told = new Promise<RefusedRequest>((resolve) => hub.onRefusal(resolve));
    const socket = await open(port);
    socket.write('GET /incomingCallUrl.xml?remote=1 HTTP/1.0\r\n');
    // By the time that this is answered, it has arrived.
    await send(port, get('/onHookUrl.xml'));
    leave(socket);
    expect(await told).toMatchObject({
      refused: 'cut-short',
      source: '127.0.0.1',
      path: '/incomingCallUrl.xml',
    });
    expect(counts.refused).toBe(1);
  });

  it('no more than once, and not where it came to its end', async () => {
    const { hub, port, counts } = await receiver();
    await send(port, get('/offHookUrl.xml'));
    await send(port, 'GET /offHookUrl.xml', '127.0.0.1', true);
    await send(port, 'POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n', '127.0.0.1', true);
    expect(hub.count).toBe(1);
    expect(counts.refused).toBe(2);
  });
});

describe('a request that comes after one that ends its connection', () => {
  it.each([
    ['HTTP/1.0', get('/offHookUrl.xml')],
    ['Connection: close', 'GET /offHookUrl.xml HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['a blank', get('/offHookUrl.xml?display_remote=a b')],
    ['a path of no event', get('/nothing')],
  ])('with %s is taken, and each after it', async (_, first) => {
    const { hub, port, counts } = await receiver();
    const socket = await open(port);
    socket.write(first);
    // Its answer was read, and that nothing more will be answered.
    await once(socket, 'end');
    const incoming = hub.waitFor('incomingCall', { since: 0 });
    socket.write(get('/incomingCallUrl.xml?display_remote=John Doe'));
    expect(await incoming).toMatchObject({ source: '127.0.0.1', values: { display_remote: 'John Doe' } });
    const hold = hub.waitFor('hold', { since: 0 });
    socket.write('GET /holdUrl.xml HTTP/1.1\r\n');
    socket.write('\r\n');
    await hold;
    const last = hub.waitFor('unHold', { since: 0 });
    socket.end(get('/unHoldUrl.xml'));
    await last;
    expect(hub.since(0).filter(({ event }) => event !== 'offHook')).toHaveLength(3);
    expect(counts.refused).toBe(0);
  });

  it('is taken a few times, because each needs a parser of its own', async () => {
    const { hub, port } = await receiver();
    const socket = await open(port);
    socket.write(get('/offHookUrl.xml'));
    await once(socket, 'end');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    for (const name of ['hold', 'unHold', 'mute', 'unMute'] as const) {
      const next = hub.waitFor(name, { since: 0 });
      socket.write(get(`/${name}Url.xml`));
      await next;
    }
    expect(socket.closed).toBe(false);
    // What comes on a connection that is gone is reset.
    const more = setInterval(() => socket.write(get('/incomingCallUrl.xml')), 20);
    onTestFinished(() => clearInterval(more));
    await closed;
    expect(hub.since(0).map(({ event }) => event)).not.toContain('incomingCall');
    expect(hub.refusedSince(0)).toMatchObject([{ refused: 'late', source: '127.0.0.1' }]);
  });

  it('is taken where this process stood still for longer than the connection is kept', async () => {
    const server = new EventEmitter();
    takeLateRequests(server as Server, 'connection', () => undefined);
    const socket = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
    server.emit('connection', socket);
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    (socket as unknown as Socket).destroySoon();
    vi.advanceTimersByTime(1000);
    // Timers come first.
    const late = once(server, 'connection');
    socket.push(get('/holdUrl.xml'));
    await late;
    expect(socket.destroyed).toBe(false);
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    expect(socket.destroyed).toBe(true);
  });

  it('ends its connection when it is closed for what it is', async () => {
    const server = new EventEmitter();
    takeLateRequests(server as Server, 'connection', () => undefined);
    const socket = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
    server.emit('connection', socket);
    const late = once(server, 'connection');
    (socket as unknown as Socket).destroySoon();
    socket.push(get('/holdUrl.xml'));
    const [stream] = await late;
    expect(socket.destroyed).toBe(false);
    stream.destroy();
    // Without that, it stays open for a second.
    await new Promise(setImmediate);
    expect(socket.destroyed).toBe(true);
  });

  it('is taken over https, too', async () => {
    const { hub, port } = await receiver({ tls: { key: fixture('phone.key'), cert: fixture('phone.crt') } });
    const options = { host: '127.0.0.1', port, rejectUnauthorized: false, allowHalfOpen: true };
    const socket = connectTls(options);
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => undefined).resume();
    await once(socket, 'secureConnect');
    socket.write(get('/offHookUrl.xml'));
    await hub.waitFor('offHook', { since: 0 });
    const next = hub.waitFor('onHook', { since: 0 });
    socket.write(get('/onHookUrl.xml'));
    await next;
  });

  it.each([
    ['another method', 'POST /x HTTP/1.1\r\nContent-Length: 40\r\n\r\n'],
    ['a body', 'GET /holdUrl.xml HTTP/1.0\r\nContent-Length: 40\r\n\r\n'],
    ['no HTTP', 'nonsense\r\n\r\n'],
  ])('is no event where it may be the body of a request with %s', async (_, first) => {
    const { hub, port, counts } = await receiver();
    const socket = await open(port);
    socket.write(first);
    await once(socket, 'end');
    socket.write(get('/holdUrl.xml'));
    await once(socket.end(), 'close');
    const other = await open(port);
    other.write(get('/onHookUrl.xml'));
    await hub.waitFor('onHook', { since: 0 });
    expect(hub.since(0).map(({ event }) => event)).toEqual(['onHook']);
    expect(counts.refused).toBe(1);
  });

  it.each([
    ['another method', 'POST /x HTTP/1.0\r\nContent-Length: 40\r\n\r\n', 'method'],
    ['a body', 'GET /holdUrl.xml HTTP/1.0\r\nContent-Length: 40\r\n\r\n', 'body'],
    ['a tunnel', 'CONNECT x:80 HTTP/1.0\r\n\r\n', 'method'],
  ])('may be the last one, such as one with %s', async (_, last, refused) => {
    const { hub, port } = await receiver();
    const socket = await open(port);
    socket.write(get('/offHookUrl.xml'));
    await once(socket, 'end');
    const told = new Promise((resolve) => hub.onRefusal(resolve));
    socket.write(last);
    expect(await told).toMatchObject({ refused });
    socket.write(get('/holdUrl.xml'));
    await once(socket.end(), 'close');
    const other = await open(port);
    other.write(get('/onHookUrl.xml'));
    await hub.waitFor('onHook', { since: 0 });
    expect(hub.since(0).map(({ event }) => event)).toEqual(['offHook', 'onHook']);
  });

  it('is told where it is none', async () => {
    const { hub, port } = await receiver();
    const socket = await open(port);
    socket.write(get('/offHookUrl.xml'));
    await once(socket, 'end');
    const refused = new Promise((resolve) => hub.onRefusal(resolve));
    socket.write('\r\n');
    socket.write('nonsense\r\n\r\n');
    expect(await refused).toMatchObject({ refused: 'not-http', source: '127.0.0.1' });
    expect(hub.refusedSince(0)).toHaveLength(1);
  });

  it('does not keep the connection open for ever', async () => {
    const { hub, port } = await receiver();
    const socket = await open(port);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(get('/offHookUrl.xml'));
    await hub.waitFor('offHook', { since: 0 });
    // Once the other side is gone, what is written comes back.
    const timer = setInterval(() => socket.write('\r\n'), 50);
    onTestFinished(() => clearInterval(timer));
    await closed;
    expect(hub.refusedSince(0)).toEqual([]);
  });
});

it('a stream of requests, some of which end it, comes to the same wherever it is cut', async () => {
  const { hub, port, counts } = await receiver();
  const request = fc.constantFrom(
    ['GET /holdUrl.xml HTTP/1.0\r\n\r\n', 'hold'],
    ['GET /unHoldUrl.xml?display_remote=a b HTTP/1.1\r\n\r\n', 'unHold'],
    ['GET /muteUrl.xml HTTP/1.1\r\nConnection: close\r\n\r\n', 'mute'],
    ['\r\nGET /unMuteUrl.xml http/1.1 \r\nConnection: keep-alive\r\n\r\n', 'unMute'],
    ['GET /offHookUrl.xml\n\n', 'offHook'],
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(request, { minLength: 1, maxLength: 6 }),
      fc.array(fc.nat({ max: 300 }), { maxLength: 5 }),
      async (requests, cuts) => {
        const text = requests.map(([one]) => one).join('');
        const ends = [...new Set(cuts.filter((cut) => cut > 0 && cut < text.length)), text.length];
        const mark = hub.mark();
        const socket = await open(port);
        let from = 0;
        for (const end of ends.sort((a, b) => a - b)) {
          await new Promise((resolve) => socket.write(text.slice(from, end), resolve));
          await new Promise(setImmediate);
          from = end;
        }
        socket.end();
        const came = () => hub.since(mark).map(({ event }) => event);
        await expect.poll(came, { interval: 5 }).toEqual(requests.map(([, event]) => event));
      },
    ),
    { numRuns: 150 },
  );
  expect(counts).toEqual({ unknown: 0, refused: 0 });
}, 60_000);
