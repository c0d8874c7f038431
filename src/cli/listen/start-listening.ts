import { onAbort } from '../../abort.ts';
import { type Config, checkToken, stateFolder } from '../../config/index.ts';
import type { EventHub, Listening, ListeningOptions } from '../../receiver/index.ts';
import { quoteShellWord } from '../../shell.ts';
import type { Context, ListenOptions } from '../context.ts';
import { newWarn, type Warn } from './warnings.ts';

/**
 * Listens for events as the config says.
 *
 * @throws {AtcomError} `port-unavailable`; `unreadable-file` if the token may be in a file that this user may not read;
 *   `usage` for invalid settings
 */
export async function startListening(context: Context, options: ListenOptions = {}): Promise<Listening> {
  const config = await context.config();
  checkToken(config);
  const receiver = await import('../../receiver/index.ts');
  // Only until it listens: what is done at an interrupt may need its events.
  const opening = new AbortController();
  const warn = newWarn(context.output);
  warnOfUntrusted(config, warn);
  const forget = onAbort(context.signal, () => opening.abort());
  try {
    const where = await whereToListen(context, options);
    const listening = await receiver.startListening({
      ...where,
      pages: options.pages,
      within: options.within,
      onTakeOver: options.onTakeOver,
      onWarning: warn,
      signal: opening.signal,
    });
    if (where.sameUser instanceof Error && listening.receiver !== undefined)
      options.onUnshared?.(where.sameUser);
    return listening;
  } finally {
    forget();
  }
}

function warnOfUntrusted({ listener }: Config, warn: Warn): void {
  const file = listener?.untrusted;
  if (file === undefined) return;
  warn(
    `${file} is not trusted, so its listener.url and trustedProxies do not count; check what is in it, then run: atcom config trust ${quoteShellWord(file)}`,
  );
}

/**
 * Attaches to the listener that the config names, if it is running; its states are in the hub afterwards. Else returns why
 * the port cannot be used, or undefined if nobody has it.
 */
export async function attachToListener(
  context: Context,
  options: ListenOptions = {},
): Promise<{ readonly hub: EventHub; close(): Promise<void> } | string | undefined> {
  const receiver = await import('../../receiver/index.ts');
  const hub = new receiver.EventHub();
  const { signal } = context;
  const close = await receiver.findRunning({ ...(await whereToListen(context, options)), signal }, hub);
  return typeof close === 'function' ? { hub, close } : close;
}

async function whereToListen(context: Context, options: ListenOptions): Promise<ListeningOptions> {
  const { openSameUser, Phonebook } = await import('../../receiver/index.ts');
  const { listener = {}, events, phones } = await context.config();
  const { host = listener.host, port = listener.port } = options;
  const sameUser = Promise.resolve(context).then((person) => openSameUser(stateFolder(person)));
  return {
    ...listener,
    events,
    host,
    port,
    phonebook: new Phonebook([...(options.phones ?? []), ...phones.values()]),
    // The reason is reported only by commands that need to share a port.
    sameUser: await sameUser.catch((error: Error) => error),
  };
}
