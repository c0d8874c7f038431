import { isAtcomError } from '../errors.ts';
import { reasonOf } from '../files/reason.ts';
import { attach, ENDED } from './attach.ts';
import { includes, isAny, isHere, originAt, reachable } from './bound-address.ts';
import type { EventFeed, SharedOptions } from './feed.ts';
import { EventHub } from './hub.ts';
import { NOBODY_OURS } from './meet.ts';
import { DEFAULT_PORT, type ReadingRules, rulesOf } from './options.ts';
import { ownerOfPort } from './port-owner.ts';
import { Unshared } from './same-user.ts';
import { codeOf, connectTo } from './unanswered.ts';

// The listeners that run in other programs of the same user.

/** The minimum time to attach, in milliseconds; a busy computer needs that long. */
const [LEAST, MOST] = [1000, 3000];

/**
 * Attaches to all receivers of the same user that run on a port.
 *
 * @param hub - gets its states and events
 * @returns a function that detaches, or why there is none; undefined if nobody listens there
 */
export async function findRunning(
  options: Pick<SharedOptions, 'host' | 'port' | 'phonebook' | 'token' | 'sameUser' | 'within' | 'signal'> &
    ReadingRules,
  hub: EventHub,
): Promise<(() => Promise<void>) | string | undefined> {
  const { port = DEFAULT_PORT } = options;
  const recorded = await recordedHere(options, port);
  const places = [...recorded, reachable(options.host)];
  const { feeds, failed } = await attachAll(places, options, hub, deadlineOf(options));
  // Where one answers, what is at the address that this program would use does not matter, nor does a stranger who has
  // that of one that was killed.
  const hides = ({ host, error }: Attached['failed'][number]) =>
    feeds.length === 0 || (recorded.includes(host) && !isStranger(error));
  const why = failed.find((one) => mayListen(one.error) && hides(one));
  if (why === undefined && feeds.length > 0) return () => closeAll(feeds);
  await closeAll(feeds);
  return why && withOwner(why.error, port);
}

/**
 * Whether a listener of the same user runs at an address of this computer, or may run there.
 *
 * @param within - milliseconds
 */
export async function runsAt(
  host: string,
  options: Pick<SharedOptions, 'port' | 'sameUser' | 'phonebook' | 'signal'>,
  within: number,
): Promise<boolean> {
  if (!isAny(host) && !isHere(host)) return false;
  const { feeds, failed } = await attachAll([host], options, new EventHub(), performance.now() + within);
  await closeAll(feeds);
  return feeds.length > 0 || failed.some(({ error }) => mayListen(error) && !isStranger(error));
}

/** What runs at some addresses. */
export interface Attached {
  readonly feeds: readonly EventFeed[];
  /** Why there is none at an address. */
  readonly failed: readonly { readonly host: string; readonly error: Error }[];
}

/**
 * Attaches to the receivers at some addresses, to each once: what is bound to all addresses answers at all of them, and
 * every event would come as often.
 */
export async function attachAll(
  hosts: readonly string[],
  options: Pick<SharedOptions, 'port' | 'phonebook' | 'token' | 'sameUser' | 'signal'> & ReadingRules,
  hub: EventHub,
  deadline: number,
): Promise<Attached> {
  const { port = DEFAULT_PORT, phonebook, token, sameUser, signal } = options;
  const feeds: EventFeed[] = [];
  const failed: Attached['failed'][number][] = [];
  const isAttached = (host: string) => feeds.some(({ addresses: [bound = host] }) => includes(bound, host));
  for (const host of hosts.toSorted((one, other) => Number(isAny(other)) - Number(isAny(one)))) {
    if (isAttached(reachable(host))) continue;
    try {
      const within = Math.max(0, deadline - performance.now());
      if (sameUser instanceof Error) await connectTo({ host: reachable(host), port }, within);
      const secret = secretOf(sameUser);
      const rules = rulesOf(options);
      const other = { host: reachable(host), port, phonebook, token, rules, hub, secret, within, signal };
      const { ended, address, close } = await attach(other);
      const addresses = address === undefined ? [] : [address];
      const origin = originAt(address ?? host, port);
      feeds.push({ port, addresses, origin, ended, close: async () => close() });
    } catch (error) {
      failed.push({ host, error: error as Error });
    }
  }
  return { feeds, failed };
}

/** Lets go of receivers. */
export async function closeAll(feeds: readonly EventFeed[]): Promise<void> {
  await Promise.all(feeds.map((feed) => feed.close()));
}

/**
 * Whether there may be a listener, although it cannot be attached to: it may be stopped, as by Ctrl-Z, too busy to answer,
 * or without handles.
 */
export function mayListen(error: Error): boolean {
  return !NOBODY.includes(codeOf(error)) && !ENDED.some((reason) => reason === error.message);
}

/** The socket errors where nobody listens: also what this computer has no such address, or no such protocol. */
const NOBODY = ['ECONNREFUSED', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENETUNREACH', 'EHOSTUNREACH', 'EINVAL'];

/** Whether somebody has answered who cannot be a listener of the same user. */
function isStranger(error: Error): boolean {
  return error.message === NOBODY_OURS || codeOf(error).startsWith('HPE_');
}

/** @throws {Error} why there is none */
function secretOf(sameUser: SharedOptions['sameUser']): string {
  if (sameUser === undefined) throw new Error('this program shares no listener');
  if (!(sameUser instanceof Error)) return sameUser.secret;
  const fix = isAtcomError(sameUser) && sameUser.hint !== undefined ? `; ${sameUser.hint}` : '';
  throw new Error(`${reasonOf(sameUser)}${fix}`, { cause: sameUser });
}

/** Where listeners of this computer are recorded on a port, also where nothing can be shared with them. */
export async function recordedHere({ sameUser }: Pick<SharedOptions, 'sameUser'>, port: number) {
  const recall =
    sameUser instanceof Unshared ? sameUser.recall : sameUser instanceof Error ? undefined : sameUser?.recall;
  const addresses = (await recall?.(port)) ?? [];
  return addresses.filter((address) => isAny(address) || isHere(address));
}

/** Names whoever has a port. */
export async function withOwner({ message }: Error, port: number): Promise<string> {
  const owner = await ownerOfPort(port);
  return owner === undefined ? message : message.replace('whoever has it', () => owner);
}

/** Until when to look, by `performance.now()`. */
export function deadlineOf({ within = MOST }: Pick<SharedOptions, 'within'>): number {
  return performance.now() + Math.max(LEAST, Math.min(MOST, within));
}
