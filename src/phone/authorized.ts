import type { Endpoint } from '../protocol/command-url.ts';
import { DEFAULT_TIMEOUT, type PhoneSettings } from '../protocol/settings.ts';
import { basic, type Credentials, digest, parseChallenges } from '../transport/authorization.ts';
import type { Exchange } from '../transport/exchange.ts';
import { tryCredentials } from '../transport/try-credentials.ts';
import { headerValues } from '../transport/wire.ts';
import { withoutProof } from './echo.ts';
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

/** What is known after a request to a phone that may ask for credentials. */
export type AuthorizedExchange = Exchange & {
  /** The credentials were not sent, because this phone did not accept them before. */
  readonly withheld?: true;
};

/**
 * Sends a request. After a 401, the user's credentials are sent once, and not at all if this phone has refused them
 * before, because it locks its page after several wrong attempts. Nothing else is sent again.
 */
export async function exchangeAuthorized(request: AuthorizedRequest): Promise<AuthorizedExchange> {
  const { settings, endpoint, path, form } = request;
  const { auth, approval, timeout = DEFAULT_TIMEOUT } = settings;
  const deadline = performance.now() + timeout;
  const plain = () => attempt(request, deadline);
  const credentials = credentialsOf(settings);
  if (credentials === undefined || (auth !== 'basic' && auth !== 'digest')) return plain();
  const authorized = (authorization: string) =>
    tryCredentials(
      endpoint,
      credentials,
      async () => withoutProof(await attempt(request, deadline, authorization), authorization),
      approval,
    );
  // Basic needs no challenge, so it is sent at once if the user chose it.
  if (auth === 'basic')
    return (await authorized(basic(credentials))) ?? { ...(await plain()), withheld: true };
  const asked = await plain();
  if (asked.kind !== 'answer' || asked.status !== 401) return asked;
  const challenges = parseChallenges(headerValues(asked.head, 'www-authenticate'));
  const method = form === undefined ? 'GET' : 'POST';
  const answer = digest(challenges, credentials, path, { method });
  return answer === undefined ? asked : ((await authorized(answer)) ?? { ...asked, withheld: true });
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
