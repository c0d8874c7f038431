import { isAtcomError } from '../errors.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import type { EventHub, Phonebook, Receiver } from '../receiver/index.ts';
import type { Context } from './context.ts';

/** Events of phones, from a receiver of this run or from one that already runs. */
export interface Listening {
  readonly hub: EventHub;
  /** The names of phones; more can be added. */
  readonly phonebook: Phonebook;
  readonly port: number;
  /** The receiver of this run; undefined when attached to another program's. */
  readonly receiver?: Receiver;
  /** Settles when the other program's receiver ends. */
  readonly ended?: Promise<void>;
  close(): Promise<void>;
}

/** Where to listen; what is left out comes from the config, then from the receiver's defaults. */
export interface ListenOptions {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  /** Phones to name besides those of the config. */
  readonly phones?: readonly PhoneSettings[] | undefined;
}

/**
 * Listens for events: starts a receiver, or attaches to the atcom receiver that already has the port.
 *
 * @throws {AtcomError} `port-unavailable`
 */
export async function startListening(context: Context, options: ListenOptions = {}): Promise<Listening> {
  const { attach, DEFAULT_PORT, Phonebook, startReceiver } = await import('../receiver/index.ts');
  const { listener = {}, phones } = await context.config();
  const host = options.host ?? listener.host;
  const port = options.port ?? listener.port ?? DEFAULT_PORT;
  const phonebook = new Phonebook([...(options.phones ?? []), ...phones.values()]);
  try {
    const receiver = await startReceiver({ host, port, phones: phonebook });
    return { hub: receiver.hub, phonebook, port: receiver.port, receiver, close: () => receiver.close() };
  } catch (error) {
    const attached = isAtcomError(error) && port !== 0 ? await attach(port, phonebook) : undefined;
    if (attached === undefined) throw error;
    const { hub, ended } = attached;
    return { hub, phonebook, port, ended, close: async () => attached.close() };
  }
}
