import { pause } from '../abort.ts';
import { AtcomError } from '../errors.ts';
import { includes, isAny } from './bound-address.ts';
import { openFeed } from './event-feed.ts';
import type { EventFeed, SharedOptions } from './feed.ts';
import { EventHub } from './hub.ts';
import { DEFAULT_PORT } from './options.ts';
import type { Phonebook } from './phonebook.ts';
import type { Receiver } from './server.ts';

/** Where to listen, and with whom to share the port. */
export interface ListeningOptions extends SharedOptions {
  /** Told when the other program's receiver ended and its port was taken over. */
  readonly onTakeOver?: ((receiver: Receiver) => void) | undefined;
}

/** Events of phones, from a receiver of this program or from one that already runs. */
export interface Listening {
  /** Also has the states known to the other program's receiver. Closed when the listener is lost. */
  readonly hub: EventHub;
  /** Names of phones; more can be added. */
  readonly phonebook: Phonebook;
  readonly port: number;
  /** `http://127.0.0.1:8088`: where virtual phones of this computer report to. */
  readonly origin: string;
  /** The receiver in this process; undefined while attached to another program's. */
  readonly receiver: Receiver | undefined;
  /** The address that was to be bound. */
  readonly host: string | undefined;
  /** The addresses that are bound; none where another program does not tell them. */
  readonly addresses: readonly string[];
  /** Settles with the reason when the listener is lost, that is, ends without being closed. */
  readonly lost: Promise<AtcomError>;
  close(): Promise<void>;
}

/**
 * Starts a receiver, or attaches to one that another program of the same user runs there. When that one ends, it takes
 * over the port, or attaches to whichever program did.
 *
 * @throws {AtcomError} `port-unavailable`; `usage` for options that cannot be used
 */
export async function startListening(options: ListeningOptions): Promise<Listening> {
  const hub = new EventHub(options.onError);
  const stop = new AbortController();
  let feed = await openFeed(options, hub);
  // Where the phones report to. Whoever takes over is bound there, too.
  const all = options.host !== undefined && isAny(options.host) ? options.host : undefined;
  let place = all ?? onlyOne(feed.addresses);
  const isReached = () => feed.addresses.some((bound) => includes(bound, place));
  // Another program was there first, and has some of them.
  if (all !== undefined && !isReached())
    options.onWarning?.(
      `an atcom receiver has port ${feed.port} at ${feed.addresses.join(', ')} only; what phones report to other addresses is not heard`,
    );
  // Of what was reported to one of several, nobody knows where it goes once that one has ended.
  const isKnown = place !== undefined;
  const again = () => ({ ...options, host: options.host ?? place, signal: stop.signal });
  let closed = false;
  let lose = (_: AtcomError) => {};
  const lost = new Promise<AtcomError>((resolve) => {
    lose = resolve;
  });
  const goOn = async (broken: Error | undefined) => {
    // Until there is another listener, phones report to nobody.
    hub.beginGap();
    // Of several, the others go on.
    await feed.close();
    try {
      if (broken !== undefined) throw unbelievable(options, broken);
      feed = await openAgain(again(), hub);
    } catch (error) {
      if (closed) return;
      hub.close(error as AtcomError);
      return lose(error as AtcomError);
    }
    if (closed) return feed.close();
    // What cannot be reached where the other one was gets none of their events.
    if (isKnown && isReached()) hub.endGap();
    else options.onWarning?.(`an atcom receiver on port ${feed.port} ended; ${UNHEARD}`);
    place ??= onlyOne(feed.addresses);
    watch();
    if (feed.receiver !== undefined) options.onTakeOver?.(feed.receiver);
  };
  const watch = () => void feed.ended?.then((broken) => (closed ? undefined : goOn(broken)));
  watch();
  return {
    hub,
    phonebook: options.phonebook,
    port: feed.port,
    host: options.host,
    get origin() {
      return feed.origin;
    },
    get receiver() {
      return feed.receiver;
    },
    get addresses() {
      return feed.addresses;
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

function onlyOne([first, ...others]: readonly string[]): string | undefined {
  return others.length === 0 ? first : undefined;
}

function unbelievable({ host = '127.0.0.1', port = DEFAULT_PORT }: ListeningOptions, { message }: Error) {
  return new AtcomError('port-unavailable', { address: `${host}:${port}`, reason: message });
}

const UNHEARD = 'what phones report to its address may be heard no more';

/** Retries for a port, and milliseconds between them: an ending program closes its sockets in no particular order. */
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
