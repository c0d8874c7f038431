import type { Endpoint } from '../protocol/command-url.ts';
import { interpretReply } from '../protocol/reply.ts';
import { DEFAULT_TIMEOUT, type PhoneSettings } from '../protocol/settings.ts';
import { basic, type Credentials, challengesIn, digest } from '../transport/authorization.ts';
import type { Exchange } from '../transport/exchange.ts';
import { type Interpret, tryCredentials } from '../transport/try-credentials.ts';
import { type Hide, hiderOf, proofHider, rememberProof } from './echo.ts';
import { sendRequest, type Transport } from './transport.ts';

/** A request to a phone that may ask for credentials. */
export interface AuthorizedRequest {
  readonly settings: PhoneSettings;
  readonly endpoint: Endpoint;
  /** The path and query. */
  readonly path: string;
  /** The web page that is asked for: what one page does with credentials says nothing of another. */
  readonly page?: string | undefined;
  /** The encoded form to post; without it, the request is a GET. */
  readonly form?: string | undefined;
  /** What an answer means; by default what it means for a key. */
  readonly interpret?: Interpret | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly stop?: AbortSignal | undefined;
  readonly onLeave?: (() => Promise<void>) | undefined;
  readonly transport?: Transport | undefined;
}

/** What is known after a request to a phone that may ask for credentials. */
export type AuthorizedExchange = Exchange & {
  /** Whether the credentials were sent, or not, because this phone did not accept them before. */
  readonly credentials?: 'given' | 'withheld';
};

/**
 * Sends a request. After a 401, the user's credentials are sent once, and not at all if this phone has refused them
 * before, because it locks its page after several wrong attempts. Nothing else is sent again. What the phone answers is
 * its own text: what {@link secretHider} makes of it is shown, but never read or written back.
 */
export async function exchangeAuthorized(request: AuthorizedRequest): Promise<AuthorizedExchange> {
  const { settings, endpoint, path, page = '', form } = request;
  const { auth, approval, timeout = DEFAULT_TIMEOUT } = settings;
  const { interpret = (reply) => interpretReply(reply, approval, true) } = request;
  const deadline = performance.now() + timeout;
  const credentials = credentialsOf(settings);
  const timeLeft = () => Math.max(1, Math.round(deadline - performance.now()));
  const plain = (time = timeLeft()) => attempt(request, time);
  if (credentials === undefined || (auth !== 'basic' && auth !== 'digest')) return plain();
  const authorized = async (
    authorization: string,
    otherwise: (time: number) => Promise<Exchange>,
  ): Promise<AuthorizedExchange> => {
    // Waiting for what is under way at another address of the phone takes none of it.
    const time = timeLeft();
    const result = await tryCredentials(
      { ...endpoint, mac: settings.mac, place: [path.split('?')[0], page].join(' ') },
      credentials,
      () => {
        rememberProof(authorization);
        return attempt(request, time, authorization);
      },
      interpret,
    );
    if (result !== undefined) return { ...result, credentials: 'given' };
    return { ...(await otherwise(time)), credentials: 'withheld' };
  };
  // Basic needs no challenge, so it is sent at once if the user chose it.
  if (auth === 'basic') return authorized(basic(credentials), plain);
  const asked = await plain();
  if (asked.kind !== 'answer' || asked.status !== 401) return asked;
  const challenges = challengesIn(asked.head);
  const method = form === undefined ? 'GET' : 'POST';
  const answer = digest(challenges, credentials, path, { method });
  return answer === undefined ? asked : authorized(answer, async () => asked);
}

/** Hides in the answers of a phone its password, and what was sent to it, or to another phone, as a proof of one. */
export function secretHider(settings: PhoneSettings): Hide {
  const password = hiderOf(settings.password);
  const proof = proofHider(settings.auth === 'basic' ? credentialsOf(settings) : undefined);
  // In this order: a password may be a part of a proof.
  return (text) => password(proof(text));
}

function attempt(
  { settings, endpoint, path, form, signal, stop, onLeave, transport = sendRequest }: AuthorizedRequest,
  timeout: number,
  authorization?: string,
): Promise<Exchange> {
  return transport({
    endpoint,
    path,
    form,
    timeout,
    tls: settings.tls,
    authorization,
    signal,
    stop,
    onLeave,
  });
}

/** The user's credentials for a phone; undefined unless both parts are set. */
export function credentialsOf({ user, password }: PhoneSettings): Credentials | undefined {
  return user === undefined || password === undefined ? undefined : { user, password };
}
