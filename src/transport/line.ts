import { type Endpoint, originOf } from '../protocol/command-url.ts';
import type { Connector } from './connect.ts';
import { Client, type Dispatcher } from './undici.ts';
import { MOST_BYTES } from './wire.ts';

/** A connection for one request. */
export interface Line {
  readonly dispatch: Dispatcher['dispatch'];
  /** @param reusable - whether the exchange is complete and nothing of it is still in flight */
  close(reusable: boolean): void;
}

/** Opens a line for one request. Tests replace it with one over node:http, which nock can intercept. */
export type OpenLine = (endpoint: Endpoint, connect: Connector) => Line;

/** Undici's own timers are coarse (1 s for 300 ms), so a single deadline covers the whole request. */
const OPTIONS = { pipelining: 1, headersTimeout: 0, bodyTimeout: 0, maxHeaderSize: MOST_BYTES } as const;

/** A client that is reused for one phone after another, because creating one takes longer than a request. */
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

/**
 * Lines over http share clients. Over https each phone has its own, because undici derives the server name from the
 * client's origin.
 */
export const openLine: OpenLine = (endpoint, connect) => {
  if (endpoint.scheme === 'https') {
    const client = new Client(originOf(endpoint), { ...OPTIONS, connect });
    return {
      dispatch: client.dispatch.bind(client),
      close: () => void client.destroy().catch(() => undefined),
    };
  }
  const slot = free.pop() ?? newSlot();
  // The Host header names the phone; this says where to connect.
  slot.connect = (options, callback) =>
    connect({ ...options, hostname: endpoint.host, port: String(endpoint.port ?? 80) }, callback);
  return {
    dispatch: slot.client.dispatch.bind(slot.client),
    close(reusable) {
      // Undici must not reconnect to the phone with this client.
      slot.connect = unconnected;
      if (reusable) free.push(slot);
      else void slot.client.destroy().catch(() => undefined);
    },
  };
};
