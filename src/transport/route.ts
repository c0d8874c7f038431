import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { type Endpoint, portOf } from '../protocol/command-url.ts';

/** A resolved address. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** The time limit of a lookup, in milliseconds. The name was looked up a moment ago, so it should be cached. */
export const LOOK_UP = 2000;

/** Resolves a name; Node's lookup has no timeout of its own. */
export function addressesOf(host: string, signal: AbortSignal): Promise<readonly ResolvedAddress[]> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    lookup(host, { all: true }).then(resolve, reject);
  });
}

/**
 * The address of this computer that packets to a phone come from. Connecting a datagram socket asks the routing table
 * and sends nothing. The phone sees the same address, unless somebody in between translates it.
 */
export function ownAddressTowards({ address, family }: ResolvedAddress, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
    // The types lack the callback's error argument.
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.once('connect', () => {
      const { address: own } = socket.address();
      socket.close();
      resolve(own);
    });
    socket.connect(port, address);
  });
}

/** The address of this computer towards a phone. */
export async function ownAddress(endpoint: Endpoint): Promise<string | undefined> {
  const [first] = await addressesOf(endpoint.host, AbortSignal.timeout(LOOK_UP));
  return first === undefined ? undefined : ownAddressTowards(first, portOf(endpoint));
}
