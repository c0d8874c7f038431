import { AtcomError } from '../../errors.ts';
import type { Listening } from '../../receiver/index.ts';
import type { Context, ListenOptions } from '../context.ts';
import type { Expecting } from '../listen/expect.ts';

/** What the lines of a batch have in common. */
export interface SharedContext extends Context {
  /**
   * An `expect` is run, so the next keys are not among those that it proves.
   *
   * @throws {AtcomError} `unwatched` if an event may be older than these
   */
  readonly beginExpect: (step: Expecting) => void;
  readonly closeListener: () => Promise<void>;
}

/**
 * A context whose commands share the listener of each port, so that no event between two lines is lost. What is expected
 * must have been reported since the first of the lines before that press keys.
 */
export function sharingListener(context: Context): SharedContext {
  const shared = new Map<string, Promise<Listening>>();
  /** Whether keys were pressed since the last `expect`. */
  let pressed = false;
  /** Why nothing proves these keys. */
  let unsettled: string | undefined;
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
    async beforeSending(phones) {
      await context.beforeSending?.(phones);
      // Of phones on a journal, none may be left.
      if (pressed || phones === 0) return;
      pressed = true;
      unsettled = undefined;
      const { settledUnless, UNSETTLED } = await import('../../phone/index.ts');
      for (const opened of shared.values()) {
        const hub = (await opened.catch(() => undefined))?.hub;
        if (hub === undefined) continue;
        // What was reported before the keys may be read only after them.
        if (!(await settledUnless(context.signal, hub))) unsettled = UNSETTLED;
        hub.forget();
      }
    },
    beginExpect({ event }) {
      pressed = false;
      if (unsettled !== undefined)
        throw new AtcomError('unwatched', { events: [event], reason: unsettled, keyless: true });
    },
    closeListener: async () => {
      for (const opened of shared.values()) await (await opened.catch(() => undefined))?.close();
    },
  };
}
