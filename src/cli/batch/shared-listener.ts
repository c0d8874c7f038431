import type { Listening } from '../../receiver/index.ts';
import type { Context, ListenOptions } from '../context.ts';

/** A context whose commands share one listener, so that no event between two lines is lost. */
export function sharingListener(context: Context): Context & { readonly closeListener: () => Promise<void> } {
  let shared: Promise<Listening> | undefined;
  const listen = async (options: ListenOptions = {}) => {
    shared ??= context.listen(options);
    const listening = await shared;
    for (const phone of options.phones ?? []) listening.phonebook.add(phone);
    return { ...listening, close: async () => {} };
  };
  return {
    ...context,
    // A copy of a context has no getters.
    output: context.output,
    debug: context.debug,
    listen,
    closeListener: async () => (await shared)?.close(),
  };
}
