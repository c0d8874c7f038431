import { isIP } from 'node:net';
import { AtcomError } from '../errors.ts';
import type { EventPaths } from '../protocol/event-paths.ts';
import { isLoopback } from '../protocol/listener-url.ts';
import { isToken, TOKEN_RULE } from '../protocol/token.ts';
import { variable } from './places.ts';
import type { WrittenFile } from './reader.ts';
import type { Environment, ListenerSettings } from './types.ts';

const TOKEN = 'ATCOM_LISTENER_TOKEN';

/**
 * The listener of the nearest file that has one, with the secret of the environment or of whichever file may hold one:
 * a project that has a listener of its own must not let in what the user keeps out.
 *
 * @throws {AtcomError} `usage` for a secret in the environment that is none
 */
export function listenerOf(
  files: readonly WrittenFile[],
  env: Environment,
): { readonly listener?: ListenerSettings; readonly events?: EventPaths } {
  const all = files.map(({ settings }) => settings.listener).filter((one) => one !== undefined);
  const token = environmentToken(env) ?? all.find((one) => one.token !== undefined)?.token;
  const paths = files.map(({ settings }) => settings.events ?? {});
  return {
    ...(all.length + (token === undefined ? 0 : 1) === 0
      ? {}
      : { listener: { ...nearest(files, token), ...(token === undefined ? {} : { token }) } }),
    // The nearest file decides for each event.
    ...(paths.every((one) => Object.keys(one).length === 0)
      ? {}
      : { events: Object.assign({}, ...[...paths].reverse()) }),
  };
}

/**
 * The listener of the nearest file. What an untrusted project says counts less: an address that only it names must not
 * get the secret, and neither a name nor a proxy that only it names lets in what the listener keeps out: a page whose
 * name was made to resolve to this computer (DNS rebinding).
 */
function nearest(files: readonly WrittenFile[], token: string | undefined): ListenerSettings {
  const file = files.find(({ settings }) => settings.listener !== undefined);
  const { url, trustedProxies, ...rest } = file?.settings.listener ?? {};
  const isDoubtful = url !== undefined && (token !== undefined || isName(url));
  if (file !== undefined && (isDoubtful || trustedProxies !== undefined) && file.trust() !== 'given')
    return { ...rest, ...(url === undefined || isDoubtful ? {} : { url }), untrusted: file.path };
  return {
    ...rest,
    ...(url === undefined ? {} : { url }),
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
  };
}

/** Whether a URL has a name, which can be made to resolve to anything. Nobody can do that to an address. */
function isName(url: string): boolean {
  const { hostname } = new URL(url);
  return isIP(hostname.replace(/^\[|\]$/g, '')) === 0 && !isLoopback({ hostname });
}

function environmentToken(env: Environment): string | undefined {
  const token = variable(env, TOKEN);
  if (token === undefined || isToken(token)) return token;
  // A secret is not repeated.
  throw new AtcomError('usage', { reason: `${TOKEN} cannot be used`, hint: `give it ${TOKEN_RULE}` });
}
