import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Endpoint } from '../protocol/command-url.ts';

/** A resolved address. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** The time limit of a lookup, in milliseconds. The name was looked up a moment ago, so it should be cached. */
const LOOK_UP = 2000;

/** Rejects on Ctrl-C or on timeout. */
export function limit(signal: AbortSignal, ms: number): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(ms)]);
}

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

/** The port of an endpoint. */
export function portOf({ scheme, port }: Endpoint): number {
  return port ?? (scheme === 'https' ? 443 : 80);
}

/** The addresses of a host; none for an unknown name. */
export async function resolvedHosts(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  return addressesOf(host, AbortSignal.timeout(LOOK_UP)).then(
    (found) => found.map(({ address }) => address),
    () => [],
  );
}

/** The address of this computer towards a phone. */
export async function ownAddress(endpoint: Endpoint): Promise<string | undefined> {
  const [first] = await addressesOf(endpoint.host, AbortSignal.timeout(LOOK_UP));
  return first === undefined ? undefined : ownAddressTowards(first, portOf(endpoint));
}
