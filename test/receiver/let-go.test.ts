import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { onceRead } from '../../src/once-read.ts';
import { endSoon, limitConnections } from '../../src/receiver/connections.ts';
import { SECRET } from '../support/same-user.ts';
import { openStream } from './played.ts';
import { receiver } from './raw.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** A connection, as far as who counts them needs it. */
function connection(remoteAddress: string) {
  const socket = Object.assign(new EventEmitter(), {
    remoteAddress,
    destroyed: false,
    destroy: () => {
      socket.destroyed = true;
      socket.emit('close');
    },
  });
  return socket;
}

describe('an address with too many connections', () => {
  /** Opens so many, a while after the first. */
  async function opened(many: number, later: number) {
    vi.useFakeTimers({ toFake: ['performance'] });
    const server = new EventEmitter();
    limitConnections(server as Server, 10_000, () => undefined);
    const sockets = Array.from({ length: many }, (_, index) => {
      if (index === 1) vi.advanceTimersByTime(later);
      const socket = connection('172.16.0.57');
      server.emit('connection', socket);
      return socket;
    });
    await new Promise<void>((read) => onceRead(read));
    return sockets.flatMap(({ destroyed }, index) => (destroyed ? [index] : []));
  }

  it('loses its oldest', async () => {
    expect(await opened(256, 5000)).toEqual([]);
    expect(await opened(257, 5000)).toEqual([0]);
  });

  it('keeps those that may be of a phone that is about to be heard', async () => {
    expect(await opened(300, 500)).toEqual([]);
  });
});

describe('a refused connection that stays', () => {
  it('is ended shortly after', () => {
    vi.useFakeTimers();
    const socket = connection('172.16.0.57');
    endSoon(socket as unknown as Socket);
    vi.advanceTimersByTime(500);
    expect(socket.destroyed).toBe(false);
    vi.advanceTimersByTime(1000);
    expect(socket.destroyed).toBe(true);
  });

  it('is forgotten once it is closed', () => {
    vi.useFakeTimers();
    const socket = connection('172.16.0.57');
    endSoon(socket as unknown as Socket);
    socket.emit('close');
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('a program that does not read the events is let go before they fill the memory', async () => {
  const { hub, port } = await receiver({ secret: SECRET });
  const { response } = await openStream(port);
  expect(response.statusCode).toBe(200);
  // Not read: it stays in the buffers of both kernels, and then in this process.
  const remote = 'x'.repeat(60_000);
  for (let number = 0; number < 400; number += 1) {
    hub.publish({
      time: '2026-11-23T10:00:00.000Z',
      event: 'hold',
      phone: 'reception',
      source: '172.16.0.57',
      path: '/',
      values: { remote },
    });
    await new Promise(setImmediate);
  }
  let read = 0;
  response.on('error', () => undefined).on('data', ({ length }) => (read += length));
  await new Promise((resolve) => response.once('close', resolve));
  expect(read).toBeLessThan(400 * 60_000);
  expect(hub.subscribers).toBe(0);
});
