import { AtcomError } from '../errors.ts';
import { isToken, TOKEN_RULE } from '../protocol/action-url.ts';
import type { EventPaths } from '../protocol/event-paths.ts';
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

/** The listener of the nearest file. An address that only an untrusted project names must not get the secret. */
function nearest(files: readonly WrittenFile[], token: string | undefined): ListenerSettings {
  const file = files.find(({ settings }) => settings.listener !== undefined);
  const { url, ...rest } = file?.settings.listener ?? {};
  if (file === undefined || url === undefined) return rest;
  return token === undefined || file.trust() === 'given'
    ? { ...rest, url }
    : { ...rest, untrusted: file.path };
}

function environmentToken(env: Environment): string | undefined {
  const token = variable(env, TOKEN);
  if (token === undefined || isToken(token)) return token;
  // A secret is not repeated.
  throw new AtcomError('usage', { reason: `${TOKEN} cannot be used`, hint: `give it ${TOKEN_RULE}` });
}
