import { pause } from '../abort.ts';
import { AtcomError } from '../errors.ts';
import { type EventFeed, openFeed, type SharedOptions } from './event-feed.ts';
import { EventHub } from './hub.ts';
import { DEFAULT_PORT } from './options.ts';
import type { Phonebook } from './phonebook.ts';
import type { Receiver } from './server.ts';

/** Where to listen, and with whom to share that. */
export interface ListeningOptions extends SharedOptions {
  /** Told when the other program's receiver ended and its port was taken over. */
  readonly onTakeOver?: ((receiver: Receiver) => void) | undefined;
}

/** Events of phones, from a receiver of this program or from one that already runs. */
export interface Listening {
  /** What another program's receiver knows of the phones, it knows, too. Closed when events are heard no more. */
  readonly hub: EventHub;
  /** The names of phones; more can be added. */
  readonly phonebook: Phonebook;
  readonly port: number;
  /** The receiver of this program; undefined while attached to another one's. */
  readonly receiver: Receiver | undefined;
  /** Settles when events are heard no more although nobody closed it, with the reason. */
  readonly lost: Promise<AtcomError>;
  close(): Promise<void>;
}

/**
 * Starts a receiver, or attaches to the one that another program of the same user has there. When that ends, it takes
 * the port over, or attaches to whoever did.
 *
 * @throws {AtcomError} `port-unavailable`; `usage` for options that cannot be used
 */
export async function startListening(options: ListeningOptions): Promise<Listening> {
  const hub = new EventHub(options.onError);
  const stop = new AbortController();
  let feed = await openFeed(options, hub);
  let closed = false;
  let lose = (_: AtcomError) => {};
  const lost = new Promise<AtcomError>((resolve) => {
    lose = resolve;
  });
  const goOn = async (broken: Error | undefined) => {
    try {
      if (broken !== undefined) throw unbelievable(options, broken);
      feed = await openAgain({ ...options, signal: stop.signal }, hub);
    } catch (error) {
      if (closed) return;
      hub.close(error as AtcomError);
      return lose(error as AtcomError);
    }
    if (closed) return feed.close();
    watch();
    if (feed.receiver !== undefined) options.onTakeOver?.(feed.receiver);
  };
  const watch = () => void feed.ended?.then((broken) => (closed ? undefined : goOn(broken)));
  watch();
  return {
    hub,
    phonebook: options.phonebook,
    port: feed.port,
    get receiver() {
      return feed.receiver;
    },
    lost,
    async close() {
      closed = true;
      stop.abort();
      hub.close();
      await feed.close();
    },
  };
}

function unbelievable({ host = '127.0.0.1', port = DEFAULT_PORT }: ListeningOptions, { message }: Error) {
  return new AtcomError('port-unavailable', { address: `${host}:${port}`, reason: message });
}

/** How often, and after how many milliseconds, a port is tried again: a program that ends lets go of it in no order. */
const [TRIES, PAUSE] = [5, 200];

async function openAgain(options: SharedOptions, hub: EventHub): Promise<EventFeed> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await openFeed(options, hub);
    } catch (error) {
      if (tries === TRIES || !(await pause(PAUSE, options.signal))) throw error;
    }
  }
}
