import { TimeoutError } from './exchange.ts';

/** The error codes for an address at which nothing accepts connections. */
const AWAY: readonly unknown[] = ['ECONNREFUSED', 'EHOSTUNREACH', 'EHOSTDOWN', 'ETIMEDOUT'];

/**
 * Whether an undelivered request shows that nothing serves its address. All else that can go wrong first says nothing
 * about the phone: this computer has no handle, no network or no name server, or distrusts a certificate.
 */
export function isAway(error: Error): boolean {
  if (error instanceof TimeoutError) return error.unaccepted;
  // A name can have several addresses.
  const causes: readonly { code?: unknown }[] = error instanceof AggregateError ? error.errors : [error];
  return causes.every(({ code }) => AWAY.includes(code));
}
