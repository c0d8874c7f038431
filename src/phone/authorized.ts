import type { Endpoint } from '../protocol/command-url.ts';
import { DEFAULT_TIMEOUT, type PhoneSettings } from '../protocol/settings.ts';
import { basic, type Credentials, digest, parseChallenges } from '../transport/authorization.ts';
import type { Exchange } from '../transport/exchange.ts';
import { tryCredentials } from '../transport/try-credentials.ts';
import { headerValues } from '../transport/wire.ts';
import { sendRequest, type Transport } from './transport.ts';

/** A request to a phone that may ask for credentials. */
export interface AuthorizedRequest {
  readonly settings: PhoneSettings;
  readonly endpoint: Endpoint;
  /** The path and query. */
  readonly path: string;
  /** The encoded form to post; without it, the request is a GET. */
  readonly form?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly transport?: Transport | undefined;
}

/**
 * Sends a request. After a 401, the user's credentials are sent once, and not at all if this phone has refused them
 * before, because it locks its page after several wrong attempts. Nothing else is sent again.
 */
export async function exchangeAuthorized(request: AuthorizedRequest): Promise<Exchange> {
  const { settings, endpoint, path, form } = request;
  const deadline = performance.now() + (settings.timeout ?? DEFAULT_TIMEOUT);
  // Basic needs no challenge, so it is sent at once if the user chose it.
  const credentials = credentialsOf(settings);
  const authorized = (authorization: string | undefined, given = credentials) =>
    authorization === undefined || given === undefined
      ? undefined
      : tryCredentials(endpoint, given, () => attempt(request, deadline, authorization));
  const first = settings.auth === 'basic' && credentials ? basic(credentials) : undefined;
  const result = (await authorized(first)) ?? (await attempt(request, deadline));
  if (result.kind !== 'answer' || result.status !== 401 || settings.auth !== 'digest' || !credentials)
    return result;
  const challenges = parseChallenges(headerValues(result.head, 'www-authenticate'));
  const method = form === undefined ? 'GET' : 'POST';
  return (await authorized(digest(challenges, credentials, path, { method }))) ?? result;
}

function attempt(
  { settings, endpoint, path, form, signal, transport = sendRequest }: AuthorizedRequest,
  deadline: number,
  authorization?: string,
): Promise<Exchange> {
  const timeout = Math.max(1, Math.round(deadline - performance.now()));
  return transport({ endpoint, path, form, timeout, tls: settings.tls, authorization, signal });
}

/** The user's credentials for a phone; undefined unless both parts are set. */
export function credentialsOf({ user, password }: PhoneSettings): Credentials | undefined {
  return user === undefined || password === undefined ? undefined : { user, password };
}
