import type { PhoneSettings } from '../../protocol/settings.ts';
import type { Listening } from '../../receiver/index.ts';
import type { Context } from '../context.ts';
import { visible } from '../output/text.ts';

export type { Listening };

/** Where to listen; what is left out comes from the config, then from the receiver's defaults. */
export interface ListenOptions {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  /** Phones to name besides those of the config. */
  readonly phones?: readonly PhoneSettings[] | undefined;
  /** Goes on when another program's receiver ends, where this run is attached to one. */
  readonly takeOver?: boolean | undefined;
}

/**
 * Listens for events where the config says so.
 *
 * @throws {AtcomError} `port-unavailable`
 */
export async function startListening(context: Context, options: ListenOptions = {}): Promise<Listening> {
  const { keepListening, Phonebook, startListening: start } = await import('../../receiver/index.ts');
  const { listener = {}, phones } = await context.config();
  const phonebook = new Phonebook([...(options.phones ?? []), ...phones.values()]);
  const where = { host: options.host ?? listener.host, port: options.port ?? listener.port, phonebook };
  if (options.takeOver !== true) return start(where);
  return keepListening(where, (error) =>
    context.output.note(
      (paint) => `${paint('yellow', 'warning')}: ${visible(`events are heard no more: ${error.message}`)}`,
    ),
  );
}
