import { createHash } from 'node:crypto';
import { perProcess } from '../per-process.ts';
import { type Endpoint, webServerOf } from '../protocol/command-url.ts';
import { type ApprovalSettings, interpretReply } from '../protocol/reply.ts';
import type { Credentials } from './authorization.ts';
import type { Exchange } from './exchange.ts';

/** What phones have said of credentials during this process. */
const { taken, refused, doubtful, underWay } = perProcess('credentials', () => ({
  taken: new Set<string>(),
  refused: new Set<string>(),
  /** Those that got one answer, which may mean anything. */
  doubtful: new Set<string>(),
  /** Being tried. Other requests with the same credentials wait for the result. */
  underWay: new Map<string, Promise<Exchange>>(),
}));

/**
 * Sends credentials, unless this phone has already refused them, or twice given no answer that tells. A phone locks its
 * page after a few wrong passwords, and each scenario, command and caller in one process would count as another attempt.
 *
 * @param approval - which answers mean that the phone asks for permission
 * @returns undefined if nothing was sent
 */
export async function tryCredentials(
  endpoint: Endpoint,
  { user, password }: Credentials,
  send: () => Promise<Exchange>,
  approval?: ApprovalSettings,
): Promise<Exchange | undefined> {
  const words = JSON.stringify([webServerOf(endpoint), user, password]);
  const key = createHash('sha256').update(words).digest('base64');
  while (underWay.has(key)) await underWay.get(key);
  if (refused.has(key)) return undefined;
  const sending = send();
  if (!taken.has(key)) underWay.set(key, sending);
  try {
    const result = await sending;
    learn(key, result, approval);
    return result;
  } finally {
    underWay.delete(key);
  }
}

/** Too many attempts, a locked page, or a login page elsewhere. */
const REFUSALS: readonly number[] = [301, 302, 303, 307, 308, 407, 423, 429];

/**
 * Learns from a result what a phone thinks of credentials. A phone that asks for permission says nothing of them. Any
 * other failure, such as 404, 500 or a lost connection, may be its answer to a wrong password, but is more likely to be
 * something else that is over the next time: so there is one more attempt.
 */
function learn(key: string, result: Exchange, approval: ApprovalSettings | undefined): void {
  if (result.kind === 'undelivered') return;
  if (result.kind === 'answer') {
    const outcome = interpretReply(result, approval);
    if (outcome === 'approval') return;
    if (outcome === 'ok') return void taken.add(key);
    if (outcome === 'unauthorized' || REFUSALS.includes(result.status)) return void refused.add(key);
  }
  if (taken.has(key)) return;
  if (doubtful.has(key)) refused.add(key);
  doubtful.add(key);
}
