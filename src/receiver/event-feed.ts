import { once } from 'node:events';
import { connect, isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { AtcomError, isAtcomError } from '../errors.ts';
import { reasonOf } from '../files/reason.ts';
import { originOf } from '../protocol/command-url.ts';
import { attach, ENDED, OTHER_TOKEN, OTHER_VERSION } from './attach.ts';
import { EventHub } from './hub.ts';
import { NOBODY_OURS } from './meet.ts';
import { DEFAULT_PORT, type ReceiverOptions } from './options.ts';
import type { Phonebook } from './phonebook.ts';
import { ownerOfPort } from './port-owner.ts';
import { type SameUser, Unshared } from './same-user.ts';
import { type Receiver, startReceiver } from './server.ts';
import { isLoopbackAddress } from './source.ts';

/** How to listen on a port that another program of the same user may own. */
export interface SharedOptions extends Omit<ReceiverOptions, 'phones' | 'secret' | 'hub'> {
  readonly phonebook: Phonebook;
  /** The secret shared by programs of the same user, or why it cannot be used; without it nothing is shared. */
  readonly sameUser?: SameUser | Error | undefined;
  /** Milliseconds to find out who has the port, and attach there: from 1000 to 3000, as it is by default. */
  readonly within?: number | undefined;
  /** Aborts attaching. */
  readonly signal?: AbortSignal | undefined;
}

/** The minimum time to attach, in milliseconds; a busy computer needs that long. */
const [LEAST, MOST] = [1000, 3000];

/** Why a listener cannot be shared that would be, had it been started as this program was. */
const OUTDATED: readonly string[] = [OTHER_TOKEN, OTHER_VERSION];

/** Where events come from: a receiver of this program, or of another one. */
export interface EventFeed {
  readonly port: number;
  /** The address that is bound, where the other program tells it. */
  readonly address: string | undefined;
  /** `http://127.0.0.1:8088`: where programs of this computer reach it. Another place may be a stranger's. */
  readonly origin: string;
  /** The receiver in this process. */
  readonly receiver?: Receiver;
  /** Settles when the other program's receiver ends, with an error if it sent anything that is not an event. */
  readonly ended?: Promise<Error | undefined>;
  close(): Promise<void>;
}

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
  const here = host === undefined && port !== 0 ? await recordedHere(options, port) : [];
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

/** Receivers as one. When one of them ends, nobody knows who takes over what was reported to it. */
function together(feeds: readonly EventFeed[]): EventFeed {
  const [first, ...others] = feeds;
  if (first === undefined) throw new Error('no feeds');
  if (others.length === 0) return first;
  return {
    ...first,
    address: undefined,
    ended: Promise.race(feeds.flatMap(({ ended = [] }) => ended)),
    close: () => closeAll(feeds),
  };
}

async function closeAll(feeds: readonly EventFeed[]): Promise<void> {
  await Promise.all(feeds.map((feed) => feed.close()));
}

/**
 * Whether there may be a listener, although it cannot be attached to: it may be stopped, as by Ctrl-Z, too busy to answer,
 * or without handles.
 */
function mayListen(error: Error): boolean {
  return !NOBODY.includes(codeOf(error)) && !ENDED.some((reason) => reason === error.message);
}

/** The socket errors where nobody listens: also what this computer has no such address, or no such protocol. */
const NOBODY = ['ECONNREFUSED', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENETUNREACH', 'EHOSTUNREACH', 'EINVAL'];

function codeOf({ cause }: Error): string {
  return ((cause ?? {}) as NodeJS.ErrnoException).code ?? '';
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

/**
 * Attaches to all receivers of the same user that run on a port.
 *
 * @param hub - gets its states and events
 * @returns a function that detaches, or why there is none; undefined if nobody listens there
 */
export async function findRunning(
  options: Pick<SharedOptions, 'host' | 'port' | 'phonebook' | 'token' | 'sameUser' | 'within' | 'signal'>,
  hub: EventHub,
): Promise<(() => Promise<void>) | string | undefined> {
  const { port = DEFAULT_PORT } = options;
  const recorded = await recordedHere(options, port);
  const places = [...recorded, reachable(options.host)];
  const { feeds, failed } = await attachAll(places, options, hub, deadlineOf(options));
  const hides = ({ host, error }: Attached['failed'][number]) =>
    recorded.includes(host) && !isStranger(error);
  // Nothing may run at the address that this program would use, and somebody else at that of one that was killed.
  const why = failed.find((one) => mayListen(one.error) && (feeds.length === 0 || hides(one)));
  if (why === undefined && feeds.length > 0) return () => closeAll(feeds);
  await closeAll(feeds);
  return why && withOwner(why.error, port);
}

async function withOwner({ message }: Error, port: number): Promise<string> {
  const owner = await ownerOfPort(port);
  return owner === undefined ? message : message.replace('whoever has it', owner);
}

interface Attached {
  readonly feeds: readonly EventFeed[];
  /** Why there is none at an address. */
  readonly failed: readonly { readonly host: string; readonly error: Error }[];
}

/**
 * Attaches to the receivers at some addresses, to each once: what is bound to all addresses answers at all of them, and
 * every event would come as often.
 */
async function attachAll(
  hosts: readonly string[],
  options: Pick<SharedOptions, 'port' | 'phonebook' | 'token' | 'sameUser' | 'signal'>,
  hub: EventHub,
  deadline: number,
): Promise<Attached> {
  const { port = DEFAULT_PORT, phonebook, token, sameUser, signal } = options;
  const feeds: EventFeed[] = [];
  const failed: Attached['failed'][number][] = [];
  const isAttached = (host: string) => feeds.some(({ address = host }) => includes(address, host));
  for (const host of hosts.toSorted((one, other) => Number(isAny(other)) - Number(isAny(one)))) {
    if (isAttached(reachable(host))) continue;
    try {
      const within = Math.max(0, deadline - performance.now());
      if (sameUser instanceof Error) await connectTo({ host: reachable(host), port }, within);
      const secret = secretOf(sameUser);
      const other = { host: reachable(host), port, phonebook, token, hub, secret, within, signal };
      const { ended, address, close } = await attach(other);
      const origin = originAt(address ?? host, port);
      feeds.push({ port, address, origin, ended, close: async () => close() });
    } catch (error) {
      failed.push({ host, error: error as Error });
    }
  }
  return { feeds, failed };
}

/** Whether what is bound to it has all addresses of this computer. */
function isAny(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** Whether somebody has answered who cannot be a listener of the same user. */
function isStranger(error: Error): boolean {
  return error.message === NOBODY_OURS || codeOf(error).startsWith('HPE_');
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

/** @throws {Error} if nobody accepts a connection */
async function connectTo(place: { readonly host: string; readonly port: number }, within: number) {
  const socket = connect(place);
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(Math.ceil(within)) });
  } catch (cause) {
    throw new Error(reasonOf(cause), { cause });
  } finally {
    socket.destroy();
  }
}

/** @throws {Error} why there is none */
function secretOf(sameUser: SharedOptions['sameUser']): string {
  if (sameUser === undefined) throw new Error('this program shares no listener');
  if (!(sameUser instanceof Error)) return sameUser.secret;
  const fix = isAtcomError(sameUser) && sameUser.hint !== undefined ? `; ${sameUser.hint}` : '';
  throw new Error(`${reasonOf(sameUser)}${fix}`, { cause: sameUser });
}

/** Where listeners of this computer are recorded on a port, also where nothing can be shared with them. */
async function recordedHere({ sameUser }: Pick<SharedOptions, 'sameUser'>, port: number) {
  const recall = sameUser instanceof Unshared ? sameUser.recall : userOf({ sameUser })?.recall;
  const addresses = (await recall?.(port)) ?? [];
  return addresses.filter((address) => isAny(address) || isHere(address));
}

function deadlineOf({ within = MOST }: Pick<SharedOptions, 'within'>): number {
  return performance.now() + Math.max(LEAST, Math.min(MOST, within));
}

function userOf({ sameUser }: Pick<SharedOptions, 'sameUser'>): SameUser | undefined {
  return sameUser instanceof Error ? undefined : sameUser;
}

async function ownFeed(options: SharedOptions, hub: EventHub): Promise<EventFeed> {
  const sameUser = userOf(options);
  const { phonebook: phones } = options;
  const receiver = await startReceiver({ ...options, phones, hub, secret: sameUser?.secret });
  const { port, address } = receiver;
  // Without it, other programs find this listener only at the address they would bind themselves. That is no reason to
  // fail.
  await sameUser?.record(port, address).catch(() => undefined);
  return {
    port,
    address,
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

/** The address at which a receiver bound to all addresses is reached. */
function reachable(host = '127.0.0.1'): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

function originAt(bound: string, port: number): string {
  return originOf({ scheme: 'http', host: reachable(bound), port });
}

/** Whether a receiver that is bound to one address is reached at another; not where one of them is unknown. */
export function includes(bound: string | undefined, address: string | undefined): boolean {
  if (bound === undefined || address === undefined) return false;
  return bound === address || bound === '::' || (bound === '0.0.0.0' && isIPv4(address));
}

/** Whether an address belongs to this computer; no other is ever contacted. */
function isHere(address: string): boolean {
  const own = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  return isLoopbackAddress(address) || own.some((one) => one.address === address);
}
