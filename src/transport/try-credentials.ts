import { createHash } from 'node:crypto';
import { perProcess } from '../per-process.ts';
import { type Endpoint, webServerOf } from '../protocol/command-url.ts';
import { parseMac } from '../protocol/mac.ts';
import type { Reply, ReplyOutcome } from '../protocol/reply.ts';
import type { Credentials } from './authorization.ts';
import type { Exchange } from './exchange.ts';

/** What an answer means: only `ok` shows that credentials were taken. */
export type Interpret = (reply: Reply) => ReplyOutcome;

/** A phone at an address, which may be one of several of its own. */
interface Guarded extends Omit<Endpoint, 'path'> {
  /** What is asked for there: all keys, or one page. */
  readonly place: string;
  readonly mac?: string | undefined;
}

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
 * @returns undefined if nothing was sent
 */
export async function tryCredentials(
  { place, mac = '', ...endpoint }: Guarded,
  { user, password }: Credentials,
  send: () => Promise<Exchange>,
  interpret: Interpret,
): Promise<Exchange | undefined> {
  const keyOf = (phone: string) =>
    createHash('sha256')
      .update(JSON.stringify([phone, user, password]))
      .digest('base64');
  const key = keyOf(webServerOf(endpoint));
  // At each of its addresses, a phone counts the attempts at all of them.
  const known = parseMac(mac);
  const keys = known === undefined ? [key] : [key, keyOf(known)];
  const there = `${key} ${place}`;
  const others = () => keys.flatMap((one) => underWay.get(one) ?? []);
  // What was taken may have become wrong since, and waits, too.
  while (others().length > 0) await Promise.all(others());
  if (keys.some((one) => refused.has(one))) return undefined;
  if (!taken.has(there) && keys.some((one) => doubtsOf(one).length >= MOST_DOUBTS)) return undefined;
  const sending = send();
  for (const one of keys) underWay.set(one, sending);
  try {
    return learn(keys, there, await sending, interpret);
  } finally {
    for (const one of keys) underWay.delete(one);
  }
}

/** Too many attempts, a locked page, or a login page elsewhere. */
const REFUSALS: readonly number[] = [301, 302, 303, 307, 308, 407, 423, 429];

/**
 * Learns from a result what a phone thinks of credentials. A phone that asks for permission says nothing of them. Any
 * other failure, such as 404, 500 or a lost connection, may be its answer to a wrong password, but is more likely to be
 * something else that is over the next time: so there is one more attempt.
 */
function learn(keys: readonly string[], there: string, result: Exchange, interpret: Interpret): Exchange {
  const outcome = result.kind === 'answer' ? interpret(result) : undefined;
  if (result.kind === 'undelivered' || outcome === 'approval') return result;
  const isRefused =
    outcome === 'unauthorized' || (result.kind === 'answer' && REFUSALS.includes(result.status));
  if (outcome === 'ok') taken.add(there);
  for (const key of keys) {
    if (outcome === 'ok') {
      doubts.set(
        key,
        doubtsOf(key).filter((place) => place !== there),
      );
    } else if (isRefused) refused.add(key);
    else if (!taken.has(there)) doubts.set(key, [...doubtsOf(key), there]);
  }
  return result;
}

function doubtsOf(key: string): readonly string[] {
  return doubts.get(key) ?? [];
}
