import { isAtcomError } from '../errors.ts';
import { EventHub } from './hub.ts';
import { attach } from './local-stream.ts';
import type { Phonebook } from './phonebook.ts';
import { DEFAULT_PORT, type Receiver, type ReceiverOptions, startReceiver } from './server.ts';

/** Events of phones, from a receiver of this program or from one that already runs. */
export interface Listening {
  /** What another program's receiver knows of the phones, it knows, too. */
  readonly hub: EventHub;
  /** The names of phones; more can be added. */
  readonly phonebook: Phonebook;
  readonly port: number;
  /** The receiver of this program; undefined when attached to another one's. */
  readonly receiver?: Receiver;
  /** Settles when the other program's receiver ends. */
  readonly ended?: Promise<void>;
  close(): Promise<void>;
}

/** Where to listen. */
export interface ListeningOptions {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly phonebook: Phonebook;
  /** What is served beside the events, where this program has the port. */
  readonly pages?: ReceiverOptions['pages'];
}

/**
 * Starts a receiver, or attaches to the atcom receiver that already has the port.
 *
 * @throws {AtcomError} `port-unavailable`
 */
export async function startListening({
  host,
  port = DEFAULT_PORT,
  phonebook,
  pages,
}: ListeningOptions): Promise<Listening> {
  try {
    const receiver = await startReceiver({ host, port, phones: phonebook, pages });
    const { hub, port: bound } = receiver;
    return { hub, phonebook, port: bound, receiver, close: () => receiver.close() };
  } catch (error) {
    const attached = isAtcomError(error) && port !== 0 ? await attach(port, phonebook) : undefined;
    if (attached === undefined) throw error;
    const { hub, ended } = attached;
    return { hub, phonebook, port, ended, close: async () => attached.close() };
  }
}

/**
 * The same, for a program that must not stop hearing when the one it is attached to ends: it takes the port over then,
 * or attaches to whoever did.
 *
 * @param onDeaf - told when that fails
 * @throws {AtcomError} `port-unavailable`
 */
export async function keepListening(
  options: ListeningOptions,
  onDeaf: (error: Error) => void,
): Promise<Listening> {
  const hub = new EventHub();
  let now = await startListening(options);
  let closed = false;
  const follow = () => {
    // Those that came in one packet with the states are there already.
    for (const event of now.hub.since(0)) hub.publish(event);
    hub.adopt(now.hub.heard());
    const stop = now.hub.subscribe((event) => hub.publish(event));
    void now.ended?.then(() => {
      stop();
      return closed ? undefined : again();
    });
  };
  const again = async () => {
    try {
      now = await startListening(options);
      if (closed) await now.close();
      else follow();
    } catch (error) {
      onDeaf(error as Error);
    }
  };
  follow();
  const { port, receiver } = now;
  return {
    hub,
    phonebook: options.phonebook,
    port,
    ...(receiver === undefined ? {} : { receiver }),
    close: () => {
      closed = true;
      return now.close();
    },
  };
}
