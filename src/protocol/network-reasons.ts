/** What the codes of network errors mean for people. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  UND_ERR_SOCKET: 'connection closed',
  EHOSTUNREACH: 'no route to it',
  ENETUNREACH: 'no route to it',
  ETIMEDOUT: 'no connection in time',
  ENOTFOUND: 'name not found',
  EAI_AGAIN: 'name not found: the name server did not answer',
};

/** Describes a network error by its code, or returns the error's own message. */
export function networkReason(error: Error & { readonly code?: unknown }): string {
  const code = typeof error.code === 'string' ? error.code : '';
  return REASONS[code] ?? (error.message || code || error.name);
}

const NO_ADDRESS = ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'];

/** What to do where a server cannot listen because of its address; undefined where it is not to blame. */
export function addressHint(code: string): string | undefined {
  return NO_ADDRESS.includes(code)
    ? 'choose an address of this computer, or 0.0.0.0 for all of them'
    : undefined;
}
