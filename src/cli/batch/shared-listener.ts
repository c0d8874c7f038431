import type { Listening } from '../../receiver/index.ts';
import type { Context, ListenOptions } from '../context.ts';

/** A context whose commands share the listener of each port, so that no event between two lines is lost. */
export function sharingListener(context: Context): Context & { readonly closeListener: () => Promise<void> } {
  const shared = new Map<string, Promise<Listening>>();
  const listen = async (options: ListenOptions = {}) => {
    // Any free port belongs to the one line that asks for it.
    if (options.port === 0) return context.listen(options);
    const where = `${options.host} ${options.port}`;
    const opened = shared.get(where) ?? context.listen(options);
    shared.set(where, opened);
    const listening = await opened;
    for (const phone of options.phones ?? []) listening.phonebook.add(phone);
    return { ...listening, close: async () => {} };
  };
  return {
    ...context,
    listen,
    closeListener: async () => {
      for (const opened of shared.values()) await (await opened.catch(() => undefined))?.close();
    },
  };
}
