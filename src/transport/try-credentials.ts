import { createHash } from 'node:crypto';
import { perProcess } from '../per-process.ts';
import { type Endpoint, webServerOf } from '../protocol/command-url.ts';
import type { Reply, ReplyOutcome } from '../protocol/reply.ts';
import type { Credentials } from './authorization.ts';
import type { Exchange } from './exchange.ts';

/** What an answer means: only `ok` shows that credentials were taken. */
export type Interpret = (reply: Reply) => ReplyOutcome;

/** What phones have said of credentials during this process. */
const { taken, refused, doubts, underWay } = perProcess('credentials', () => ({
  /** Each for one place, because one that needs no credentials takes any. */
  taken: new Set<string>(),
  refused: new Set<string>(),
  /** The places of which there were answers that may mean anything. */
  doubts: new Map<string, readonly string[]>(),
  /** Being tried. Other requests with the same credentials wait for the result. */
  underWay: new Map<string, Promise<Exchange>>(),
}));

const MOST_DOUBTS = 2;

/**
 * Sends credentials, unless this phone has already refused them, or twice given no answer that tells. A phone locks its
 * page after a few wrong passwords, and each scenario, command and caller in one process would count as another attempt.
 *
 * @param place - what is asked for there: all keys, or one page
 * @returns undefined if nothing was sent
 */
export async function tryCredentials(
  { place, ...endpoint }: Omit<Endpoint, 'path'> & { readonly place: string },
  { user, password }: Credentials,
  send: () => Promise<Exchange>,
  interpret: Interpret,
): Promise<Exchange | undefined> {
  const words = JSON.stringify([webServerOf(endpoint), user, password]);
  const key = createHash('sha256').update(words).digest('base64');
  const there = `${key} ${place}`;
  while (!taken.has(there) && underWay.has(key)) await underWay.get(key);
  if (refused.has(key)) return undefined;
  if (taken.has(there)) return learn(key, there, await send(), interpret);
  if (doubtsOf(key).length >= MOST_DOUBTS) return undefined;
  const sending = send();
  underWay.set(key, sending);
  try {
    return learn(key, there, await sending, interpret);
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
function learn(key: string, there: string, result: Exchange, interpret: Interpret): Exchange {
  const outcome = result.kind === 'answer' ? interpret(result) : undefined;
  if (result.kind === 'undelivered' || outcome === 'approval') return result;
  if (outcome === 'ok') {
    taken.add(there);
    doubts.set(
      key,
      doubtsOf(key).filter((place) => place !== there),
    );
  } else if (outcome === 'unauthorized' || (result.kind === 'answer' && REFUSALS.includes(result.status)))
    refused.add(key);
  else if (!taken.has(there)) doubts.set(key, [...doubtsOf(key), there]);
  return result;
}

function doubtsOf(key: string): readonly string[] {
  return doubts.get(key) ?? [];
}
