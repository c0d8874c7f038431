import { isIP } from 'node:net';
import { addressesOf, LOOK_UP } from '../transport/route.ts';

export { ownAddress } from '../transport/route.ts';

/** Rejects on Ctrl-C or on timeout. */
export function limit(signal: AbortSignal, ms: number): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(ms)]);
}

/** The addresses of a host; none for an unknown name. */
export async function resolvedHosts(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  return addressesOf(host, AbortSignal.timeout(LOOK_UP)).then(
    (found) => found.map(({ address }) => address),
    () => [],
  );
}
