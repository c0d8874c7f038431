import type { IncomingMessage } from 'node:http';

/** How many requests of one connection are taken in one turn of the event loop; phones send one, browsers a few. */
const MOST = 100;

/**
 * Returns a function that tells whether a connection sent too many requests at once. Node hands over all that one packet
 * holds, thousands of the smallest, before anybody else has a turn.
 */
export function newCrowd(): (request: Pick<IncomingMessage, 'socket'>) => boolean {
  const taken = new Map<object, number>();
  return ({ socket }) => {
    if (taken.size === 0) setImmediate(() => taken.clear());
    const count = (taken.get(socket) ?? 0) + 1;
    taken.set(socket, count);
    return count > MOST;
  };
}
