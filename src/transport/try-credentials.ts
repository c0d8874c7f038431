import { createHash } from 'node:crypto';
import { type Endpoint, webServerOf } from '../protocol/command-url.ts';
import type { Credentials } from './authorization.ts';
import type { Exchange } from './exchange.ts';

/** What this process knows of credentials, by phone and for as long as it runs. */
const taken = new Set<string>();
const refused = new Set<string>();
/** Nobody knows yet whether these are right: whoever has the same ones waits until the phone has said so. */
const underWay = new Map<string, Promise<Exchange>>();

/**
 * Sends credentials, unless this phone has refused them already: it locks its page after a few wrong passwords, and
 * each scenario, command and caller of one process would count as another.
 *
 * @returns undefined where nothing was sent
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
    // Without an answer nothing is known, and the next one finds out.
    if (result.kind === 'answer') (result.status === 401 ? refused : taken).add(key);
    return result;
  } finally {
    underWay.delete(key);
  }
}
