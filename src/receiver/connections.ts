import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Connections one address may hold open; a phone needs one. */
const MOST_PER_ADDRESS = 256;

/**
 * Bounds what one address holds open: its oldest connection gives way to its newest, so that a thousand half-open
 * ones stop neither other phones nor, at the same address, the next event.
 */
export function limitConnections(server: Server): { destroy(): void } {
  const open = new Map<string, Set<Socket>>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const sockets = open.get(address) ?? new Set();
    open.set(address, sockets.add(socket));
    const [oldest] = sockets;
    if (sockets.size > MOST_PER_ADDRESS) oldest?.destroy();
    socket.on('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0) open.delete(address);
    });
  });
  return {
    destroy() {
      for (const sockets of open.values()) for (const socket of sockets) socket.destroy();
    },
  };
}
