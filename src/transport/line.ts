import { type Endpoint, originOf } from '../protocol/command-url.ts';
import type { Connector } from './connect.ts';
import { Client, type Dispatcher } from './undici.ts';
import { MOST_BYTES } from './wire.ts';

/** What carries one request. */
export interface Line {
  readonly dispatch: Dispatcher['dispatch'];
  /** @param reusable - whether the exchange came to its end, so that nothing of it can still be under way */
  close(reusable: boolean): void;
}

/** Opens a line for one request; tests put one over node:http in its place, which nock can see. */
export type OpenLine = (endpoint: Endpoint, connect: Connector) => Line;

/** Undici's own timers are coarse (1 s for 300 ms); one deadline bounds the whole request. */
const OPTIONS = { pipelining: 1, headersTimeout: 0, bodyTimeout: 0, maxHeaderSize: MOST_BYTES } as const;

/** A client that serves one phone after another: making a new one for each costs more than the request. */
interface Slot {
  readonly client: Client;
  connect: Connector;
}

const free: Slot[] = [];

const unconnected: Connector = (_, callback) => callback(new Error('the connection was lost'), null);

function newSlot(): Slot {
  const slot: Slot = {
    client: new Client('http://phone', {
      ...OPTIONS,
      connect: (options, callback) => slot.connect(options, callback),
    }),
    connect: unconnected,
  };
  return slot;
}

/** A line over http shares clients; over https each phone has one of its own, as undici derives names from it. */
export const openLine: OpenLine = (endpoint, connect) => {
  if (endpoint.scheme === 'https') {
    const client = new Client(originOf(endpoint), { ...OPTIONS, connect });
    return {
      dispatch: client.dispatch.bind(client),
      close: () => void client.destroy().catch(() => undefined),
    };
  }
  const slot = free.pop() ?? newSlot();
  // The name of the phone is in its Host header; where to connect is said here.
  slot.connect = (options, callback) =>
    connect({ ...options, hostname: endpoint.host, port: String(endpoint.port ?? 80) }, callback);
  return {
    dispatch: slot.client.dispatch.bind(slot.client),
    close(reusable) {
      // Whatever undici still does with this client must not reach the phone again.
      slot.connect = unconnected;
      if (reusable) free.push(slot);
      else void slot.client.destroy().catch(() => undefined);
    },
  };
};
