import { createHash } from 'node:crypto';
import { perProcess } from '../per-process.ts';
import { type Endpoint, webServerOf } from '../protocol/command-url.ts';
import { interpretReply } from '../protocol/reply.ts';
import type { Credentials } from './authorization.ts';
import type { Exchange } from './exchange.ts';

/** What phones have said of credentials during this process. */
const { taken, refused, underWay } = perProcess('credentials', () => ({
  taken: new Set<string>(),
  refused: new Set<string>(),
  /** Being tried. Other requests with the same credentials wait for the result. */
  underWay: new Map<string, Promise<Exchange>>(),
}));

/**
 * Sends credentials, unless this phone has already refused them. A phone locks its page after a few wrong passwords,
 * and each scenario, command and caller in one process would count as another attempt.
 *
 * @returns undefined if nothing was sent
 */
export async function tryCredentials(
  endpoint: Endpoint,
  { user, password }: Credentials,
  send: () => Promise<Exchange>,
): Promise<Exchange | undefined> {
  const words = JSON.stringify([webServerOf(endpoint), user, password]);
  const key = createHash('sha256').update(words).digest('base64');
  while (underWay.has(key)) await underWay.get(key);
  if (refused.has(key)) return undefined;
  const sending = send();
  if (!taken.has(key)) underWay.set(key, sending);
  try {
    const result = await sending;
    verdictOf(result)?.add(key);
    return result;
  } finally {
    underWay.delete(key);
  }
}

/** Too many attempts, a locked page, or a login page elsewhere. */
const REFUSALS: readonly number[] = [301, 302, 303, 307, 308, 407, 423, 429];

/**
 * Without a response nothing is known, so the next request tries again; nor after a 403, which a phone answers that asks
 * for permission, or after a page that is missing or broken.
 */
function verdictOf(result: Exchange): Set<string> | undefined {
  if (result.kind !== 'answer') return undefined;
  if (REFUSALS.includes(result.status) || interpretReply(result) === 'unauthorized') return refused;
  return result.status === 200 ? taken : undefined;
}
