import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { originOf } from '../protocol/command-url.ts';
import { isLoopbackAddress, unmapped } from './source.ts';

/** Whether what is bound to it has all addresses of this computer. */
export function isAny(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** The address at which a receiver bound to all addresses is reached. */
export function reachable(host = '127.0.0.1'): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

/** The origin at which programs of this computer reach a receiver. */
export function originAt(bound: string, port: number): string {
  return originOf({ scheme: 'http', host: reachable(bound), port });
}

/** Whether a receiver that is bound to one address is reached at another; not where one of them is unknown. */
export function includes(bound: string | undefined, address: string | undefined): boolean {
  if (bound === undefined || address === undefined) return false;
  const wanted = unmapped(address);
  return unmapped(bound) === wanted || bound === '::' || (bound === '0.0.0.0' && isIPv4(wanted));
}

/** Whether an address belongs to this computer; no other is ever contacted. */
export function isHere(address: string): boolean {
  return isLoopbackAddress(address) || ownAddresses().includes(unmapped(address));
}

function ownAddresses(): readonly string[] {
  try {
    return Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address));
  } catch {
    // No handle is left to ask the system.
    return [];
  }
}
