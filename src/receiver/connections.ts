import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { onceRead } from '../once-read.ts';

/** How many connections one address may hold open; a phone needs one. */
const MOST_PER_ADDRESS = 256;

/** Younger connections, in milliseconds, may belong to a phone that is about to report. */
const YOUNG = 1000;

/** How long a refused connection may stay open for its client to read the response, in milliseconds. */
export const LINGER = 1000;

/** The open connections of a server. */
export interface Connections {
  /** Exempts a connection: a program on this computer follows events on it. */
  keep(socket: Socket): void;
  /** Closes all of them. */
  destroy(): void;
}

/**
 * Limits open connections, so that thousands of silent ones cannot lock out a phone: neither those of another
 * address nor the next one of their own. Over a limit, per address or in total, the oldest connection is closed for the
 * newest: that of the same address, or that of the address with the most connections.
 *
 * @param most - the limit for all addresses together
 * @param onFull - called when that many are open
 */
export function limitConnections(server: Server, most: number, onFull: () => void): Connections {
  /** Of each address, the oldest first, with the time when they began. */
  const open = new Map<string, Map<Socket, number>>();
  const kept = new Set<Socket>();
  let count = 0;
  const forget = (address: string, socket: Socket) => {
    const sockets = open.get(address);
    if (sockets?.delete(socket) !== true) return;
    count -= 1;
    if (sockets.size === 0) open.delete(address);
  };
  const endOldest = (address: string, olderThan: number) => {
    const [[oldest, began] = []] = open.get(address) ?? [];
    if (oldest === undefined || began === undefined || performance.now() - began < olderThan) return;
    // Immediately, so that the next connection does not find it again.
    forget(address, oldest);
    // It may have reported something that has arrived.
    onceRead(() => oldest.destroy());
  };
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const sockets = open.get(address) ?? new Map<Socket, number>();
    open.set(address, sockets.set(socket, performance.now()));
    count += 1;
    socket.once('close', () => {
      forget(address, socket);
      kept.delete(socket);
    });
    if (count > most) {
      onFull();
      endOldest(busiest(open), 0);
    } else if (sockets.size > MOST_PER_ADDRESS) endOldest(address, YOUNG);
  });
  return {
    keep(socket) {
      forget(socket.remoteAddress ?? '', socket);
      kept.add(socket);
    },
    destroy() {
      for (const socket of kept) socket.destroy();
      for (const sockets of open.values()) for (const socket of sockets.keys()) socket.destroy();
    },
  };
}

function busiest(open: ReadonlyMap<string, ReadonlyMap<Socket, number>>): string {
  let [busy, most] = ['', 0];
  for (const [address, { size }] of open) if (size > most) [busy, most] = [address, size];
  return busy;
}

/** Closes a connection whose request was refused, even if the peer would keep it open for ever. */
export function endSoon(socket: Duplex): void {
  const timer = setTimeout(() => socket.destroy(), LINGER).unref();
  socket.once('close', () => clearTimeout(timer));
}
