import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Connections one address may hold open for long; a phone needs one. */
const MOST_PER_ADDRESS = 256;

/** A connection that is younger may be of a phone that is about to be heard, in milliseconds. */
const YOUNG = 1000;

/** How long after its answer a refused connection may stay, for its reader to take that, in milliseconds. */
const LINGER = 1000;

/** The open connections of a server. */
export interface Connections {
  /** Leaves a connection alone from now on: a program of this computer listens on it. */
  keep(socket: Socket): void;
  /** Ends all of them. */
  destroy(): void;
}

/**
 * Bounds what is held open, so that thousands of connections that say nothing stop no phone: neither those of another
 * address nor the next one of their own. Where one address has too many, or all together do, the oldest gives way to the
 * newest: of that address, or of the one that has most.
 *
 * @param most - of all addresses together
 * @param onFull - told when that many are open
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
    // At once: the next one must not find the same.
    forget(address, oldest);
    oldest.destroy();
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

/** Ends a connection whose request was refused, also where the other side would keep it open for ever. */
export function endSoon(socket: Socket): void {
  const timer = setTimeout(() => socket.destroy(), LINGER).unref();
  socket.once('close', () => clearTimeout(timer));
}
