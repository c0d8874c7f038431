import { type Server, Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** How many connections the system keeps for a server until it takes them. */
export const BACKLOG = 1024;

/** Turns of the event loop from taking a connection to reading its request, or the late one that follows it. */
const TURNS = 3;

/**
 * Returns a function that settles when all that has reached the server by now is read. A timer says nothing of that: when
 * the event loop is late, for its own work or because the process was stopped, Node runs timers first, and then takes one
 * connection a turn, but reads whatever waits on those that it has.
 */
export function readArrivals(server: Server): () => Promise<void> {
  let taken = 0;
  server.on('connection', (socket) => {
    if (socket instanceof Socket) taken += 1;
  });
  return async () => {
    // What comes meanwhile need not be waited for, so that a flood delays nothing for ever.
    const most = taken + BACKLOG + 1;
    for (let [quiet, last] = [0, taken]; quiet < TURNS; ) {
      await nextTurn();
      quiet = taken === last || last >= most ? quiet + 1 : 0;
      last = taken;
    }
  };
}
