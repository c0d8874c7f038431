import { once } from 'node:events';
import { connect } from 'node:net';
import { reasonOf } from '../files/reason.ts';
import { isHere } from './bound-address.ts';

/** How long somebody on this computer has to accept a connection, in milliseconds. */
const WITHIN = 1000;

/**
 * Whether a URL has a port of this computer at which nobody listens. No other computer is asked, and no other port: the
 * system may redirect that for others only.
 */
export async function isUnanswered(url: string, port: number): Promise<boolean> {
  const { hostname, host: place } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (!isHere(host) || !place.endsWith(`:${port}`)) return false;
  try {
    await connectTo({ host, port }, WITHIN);
    return false;
  } catch (error) {
    return codeOf(error as Error) === 'ECONNREFUSED';
  }
}

/** @throws {Error} if nobody accepts a connection */
export async function connectTo(
  place: { readonly host: string; readonly port: number },
  within: number,
): Promise<void> {
  const socket = connect(place);
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(Math.ceil(within)) });
  } catch (cause) {
    throw new Error(reasonOf(cause), { cause });
  } finally {
    socket.destroy();
  }
}

/** The system's code for why there is no connection. */
export function codeOf({ cause }: Error): string {
  return ((cause ?? {}) as NodeJS.ErrnoException).code ?? '';
}
