import { networkInterfaces } from 'node:os';
import { AtcomError, isAtcomError } from '../errors.ts';
import { attach } from './attach.ts';
import type { EventHub } from './hub.ts';
import { DEFAULT_PORT, type ReceiverOptions } from './options.ts';
import type { Phonebook } from './phonebook.ts';
import type { SameUser } from './same-user.ts';
import { type Receiver, startReceiver } from './server.ts';
import { isLoopbackAddress } from './source.ts';

/** How to listen on a port that another program of the same user may have. */
export interface SharedOptions extends Omit<ReceiverOptions, 'phones' | 'secret' | 'hub'> {
  readonly phonebook: Phonebook;
  /** What programs of the same user know, or why that cannot be used; without it nothing is shared with them. */
  readonly sameUser?: SameUser | Error | undefined;
  /** Milliseconds to find out who has the port, and attach there: from 1000 to 3000, as it is by default. */
  readonly within?: number | undefined;
  /** Gives up to attach. */
  readonly signal?: AbortSignal | undefined;
}

/** Time to attach, in milliseconds; less than that is none on a computer that is busy. */
const [LEAST, MOST] = [1000, 3000];

/** Where events come from: a receiver of this program, or of another one. */
export interface EventFeed {
  readonly port: number;
  /** The receiver of this program. */
  readonly receiver?: Receiver;
  /** Settles when the other program's receiver ends; with an error when it sends what is no event. */
  readonly ended?: Promise<Error | undefined>;
  close(): Promise<void>;
}

/**
 * Attaches to a receiver of the same user, or starts one.
 *
 * @param hub - takes what is reported
 *
 * @throws {AtcomError} `port-unavailable`; `usage` for options that cannot be used
 */
export async function openFeed(options: SharedOptions, hub: EventHub): Promise<EventFeed> {
  const { host, port = DEFAULT_PORT } = options;
  const deadline = deadlineOf(options);
  const known = port === 0 ? undefined : await userOf(options)?.recall(port);
  const here = known !== undefined && isHere(known) ? [known] : [];
  // Where nobody says which address, the listener that runs already is meant, whatever it is bound to.
  const running = host === undefined ? await firstOf(here, options, hub, deadline) : 'none';
  if (typeof running !== 'string') return running;
  try {
    return await ownFeed(options, hub);
  } catch (error) {
    if (!isTaken(error)) throw error;
    const found = await firstOf([...here, reachable(host)], options, hub, deadline);
    if (typeof found !== 'string') return found;
    const reason = `${error.details.reason}, and ${found}`;
    throw new AtcomError('port-unavailable', { ...error.details, reason }, { cause: error });
  }
}

/**
 * Attaches to the receiver of the same user that runs on a port, if there is one.
 *
 * @param hub - takes what that knows and hears
 * @returns what ends that
 */
export async function findRunning(
  options: Pick<SharedOptions, 'host' | 'port' | 'phonebook' | 'sameUser' | 'within'>,
  hub: EventHub,
): Promise<(() => Promise<void>) | undefined> {
  const known = await userOf(options)?.recall(options.port ?? DEFAULT_PORT);
  const hosts = known !== undefined && isHere(known) ? [known] : [];
  const places = [...hosts, reachable(options.host)];
  const found = await firstOf(places, options, hub, deadlineOf(options));
  return typeof found === 'string' ? undefined : found.close;
}

/** The first that one can attach to, or why there is none. */
async function firstOf(
  hosts: readonly string[],
  options: Pick<SharedOptions, 'port' | 'phonebook' | 'sameUser' | 'signal'>,
  hub: EventHub,
  deadline: number,
): Promise<EventFeed | string> {
  const { port = DEFAULT_PORT, phonebook, sameUser, signal } = options;
  if (sameUser === undefined) return 'this program shares no listener';
  if (sameUser instanceof Error) return sameUser.message;
  let reason = '';
  const { secret } = sameUser;
  for (const host of new Set(hosts)) {
    const within = Math.max(0, deadline - performance.now());
    try {
      const { ended, close } = await attach({ host, port, phonebook, hub, secret, within, signal });
      return { port, ended, close: async () => close() };
    } catch (error) {
      reason = (error as Error).message;
    }
  }
  return reason;
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
  // Without it, others find it only where they would listen themselves: no reason to hear nothing.
  await sameUser?.record(port, address).catch(() => undefined);
  return {
    port,
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

/** Where one that is bound to all addresses is reached. */
function reachable(host = '127.0.0.1'): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

/** Whether an address is one of this computer: no other one is asked. */
function isHere(address: string): boolean {
  const own = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  return isLoopbackAddress(address) || own.some((one) => one.address === address);
}
