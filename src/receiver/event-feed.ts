import { AtcomError, isAtcomError } from '../errors.ts';
import { OTHER_RULES, OTHER_TOKEN } from './attach.ts';
import { includes, originAt, reachable } from './bound-address.ts';
import type { EventFeed, SharedOptions } from './feed.ts';
import type { EventHub } from './hub.ts';
import { OTHER_VERSION } from './meet.ts';
import { DEFAULT_PORT } from './options.ts';
import { attachAll, closeAll, deadlineOf, mayListen, recordedHere, withOwner } from './running.ts';
import { startReceiver } from './server.ts';

/** Why a listener cannot be shared that would be, had it been started as this program was. */
const OUTDATED: readonly string[] = [OTHER_RULES, OTHER_TOKEN, OTHER_VERSION];

/**
 * Attaches to all receivers of the same user that run on a port, or starts one.
 *
 * @param hub - gets the events
 *
 * @throws {AtcomError} `port-unavailable`; `usage` for options that cannot be used
 */
export async function openFeed(options: SharedOptions, hub: EventHub): Promise<EventFeed> {
  const { host, port = DEFAULT_PORT } = options;
  const deadline = deadlineOf(options);
  // Without an address, any running listener on that port is meant, whatever it is bound to.
  const isMeant = (bound: string) => host === undefined || includes(host, bound);
  const here = port === 0 ? [] : (await recordedHere(options, port)).filter(isMeant);
  const running = await attachAll(here, options, hub, deadline);
  // Phones may report to that one, of which a listener of this program beside it would hear nothing.
  const obstacle = running.failed.find(({ error }) => mayListen(error));
  if (obstacle !== undefined) {
    await closeAll(running.feeds);
    throw await unusable({ address: `${obstacle.host}:${port}`, hint: WAKE }, obstacle.error, port);
  }
  if (running.feeds.length > 0) return together(running.feeds);
  try {
    return await ownFeed(options, hub);
  } catch (error) {
    if (!isTaken(error)) throw error;
    const { feeds, failed } = await attachAll([reachable(host)], options, hub, deadline);
    if (feeds.length > 0) return together(feeds);
    throw await unusable(error.details, failed[0]?.error ?? error, port, error);
  }
}

/** Receivers as one. */
function together(feeds: readonly EventFeed[]): EventFeed {
  const [first, ...others] = feeds;
  if (first === undefined) throw new Error('no feeds');
  if (others.length === 0) return first;
  return {
    ...first,
    addresses: feeds.every(({ addresses }) => addresses.length > 0)
      ? feeds.flatMap(({ addresses }) => addresses)
      : [],
    ended: Promise.race(feeds.flatMap(({ ended = [] }) => ended)),
    close: () => closeAll(feeds),
  };
}

const WAKE =
  'if it is a listener that is stopped (Ctrl-Z), let it go on (fg); otherwise, end it, or choose another port';

interface Place {
  readonly address: string;
  readonly reason?: string;
  readonly hint?: string;
}

/** Why a port cannot be used whose listener cannot be shared. */
async function unusable(
  { address, reason = 'it is in use', ...how }: Place,
  found: Error,
  port: number,
  cause = found,
): Promise<AtcomError> {
  const why = `${reason}, and ${await withOwner(found, port)}`;
  const hint = OUTDATED.includes(found.message) ? { hint: 'restart that listener' } : how;
  return new AtcomError('port-unavailable', { address, reason: why, ...hint }, { cause });
}

async function ownFeed(options: SharedOptions, hub: EventHub): Promise<EventFeed> {
  const sameUser = options.sameUser instanceof Error ? undefined : options.sameUser;
  const { phonebook: phones } = options;
  const receiver = await startReceiver({ ...options, phones, hub, secret: sameUser?.secret });
  const { port, address } = receiver;
  // Without it, other programs find this listener only at the address they would bind themselves. That is no reason to
  // fail.
  await sameUser?.record(port, address).catch(() => undefined);
  return {
    port,
    addresses: [address],
    origin: originAt(address, port),
    receiver,
    async close() {
      await sameUser?.forget(port, address);
      await receiver.close();
    },
  };
}

function isTaken(error: unknown): error is AtcomError<'port-unavailable'> {
  const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
  return isAtcomError(error) && error.code === 'port-unavailable' && code === 'EADDRINUSE';
}
