import type { Listening } from '../../receiver/index.ts';
import type { Context, ListenOptions } from '../context.ts';
import { visible } from '../output/text.ts';

/**
 * Listens for events where the config says so.
 *
 * @throws {AtcomError} `port-unavailable`
 */
export async function startListening(context: Context, options: ListenOptions = {}): Promise<Listening> {
  const { keepListening, Phonebook, startListening: start } = await import('../../receiver/index.ts');
  const { listener = {}, phones } = await context.config();
  const phonebook = new Phonebook([...(options.phones ?? []), ...phones.values()]);
  const where = {
    host: options.host ?? listener.host,
    port: options.port ?? listener.port,
    phonebook,
    pages: options.pages,
  };
  if (options.takeOver !== true) return start(where);
  return keepListening(where, (error) =>
    context.output.note(
      (paint) => `${paint('yellow', 'warning')}: ${visible(`events are heard no more: ${error.message}`)}`,
    ),
  );
}
