import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { ActionUrlProblem } from '../protocol/action-url-lint.ts';
import { formatDuration } from '../protocol/duration.ts';
import { networkReason } from '../protocol/network-reasons.ts';

/** The network access that listener checks need. */
export interface Network {
  /** Resolves a name. */
  readonly lookup: (name: string) => Promise<LookupAddress[]>;
  /** The time limit for the lookup, and again for the response, in milliseconds. */
  readonly within: number;
}

/** Uses the resolver of this computer; a phone's resolver may know other names. */
export const NETWORK: Network = {
  lookup: async (name) => (await import('node:dns/promises')).lookup(name, { all: true }),
  within: 2000,
};

/**
 * Whether the host of a listener has an address and something answers HTTP there. Asks for `/`, which is the path of
 * no event, so that a receiver reports nothing. Any response will do, and no redirect is followed.
 *
 * @throws the reason of the signal when it aborts
 */
export async function checkListener(
  listener: URL,
  { lookup, within }: Network,
  signal: AbortSignal,
): Promise<ActionUrlProblem | undefined> {
  const host = listener.hostname.replace(/^\[(.*)\]$/, '$1');
  let addresses: LookupAddress[];
  try {
    addresses = isIP(host) === 0 ? await limited(() => lookup(host), within, signal) : [];
  } catch (error) {
    signal.throwIfAborted();
    return problem('unresolved', `${host} has no address here: ${networkReason(error as Error)}`);
  }
  try {
    await limited((limit) => answer(listener, addresses, limit), within, signal);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return problem(
      'no-answer',
      `nothing answers HTTP at ${listener.origin}: ${networkReason(error as Error)}`,
    );
  }
}

/** Resolves at the head of the response. */
async function answer(listener: URL, addresses: LookupAddress[], signal: AbortSignal): Promise<void> {
  // It is unknown which certificates phones trust. Here it only matters that something answers.
  const { get } = listener.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const [first = { address: '', family: 4 }] = addresses;
  const options = {
    agent: false as const,
    signal,
    rejectUnauthorized: false,
    // Reuses the resolved addresses, so that the name is looked up once.
    lookup: (
      _name: string,
      { all }: { readonly all?: boolean | undefined },
      callback: (error: null, address: string | LookupAddress[], family?: number) => void,
    ) => (all === true ? callback(null, addresses) : callback(null, first.address, first.family)),
  };
  await new Promise<void>((resolve, reject) => {
    get(listener, options, (response) => {
      response.destroy();
      resolve();
    }).on('error', reject);
  });
}

/** Runs a task with a timeout and a signal. */
async function limited<T>(
  task: (limit: AbortSignal) => Promise<T>,
  within: number,
  signal: AbortSignal,
): Promise<T> {
  const limit = new AbortController();
  const stop = () => limit.abort(signal.reason);
  const timer = setTimeout(() => limit.abort(new Error(`not within ${formatDuration(within)}`)), within);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    const stopped = new Promise<never>((_, reject) => {
      limit.signal.addEventListener('abort', () => reject(limit.signal.reason), { once: true });
    });
    limit.signal.throwIfAborted();
    return await Promise.race([stopped, task(limit.signal)]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

function problem(code: 'unresolved' | 'no-answer', what: string): ActionUrlProblem {
  return { severity: 'error', code, what };
}
