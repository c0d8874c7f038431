import { AtcomError } from '../errors.ts';
import { type Endpoint, hostText } from '../protocol/command-url.ts';
import { formatDuration } from '../protocol/duration.ts';
import type { PlannedRequest } from '../protocol/plan.ts';
import { complaintOf, interpretReply } from '../protocol/reply.ts';
import { DEFAULT_TIMEOUT, type PhoneSettings } from '../protocol/settings.ts';
import { basic, type Credentials, digest, parseChallenges } from '../transport/authorization.ts';
import { type Exchange, TimeoutError } from '../transport/exchange.ts';
import { scarcityOf } from '../transport/handles.ts';
import { OfflineError } from '../transport/offline.ts';
import { isTlsError } from '../transport/trust.ts';
import { tryCredentials } from '../transport/try-credentials.ts';
import { headerValues } from '../transport/wire.ts';
import type { RequestReport } from './report.ts';
import { sendRequest, type Transport } from './transport.ts';

/** What a GET needs. */
export interface CommandRequest {
  readonly settings: PhoneSettings;
  readonly endpoint: Endpoint;
  /** The request as it was planned. */
  readonly planned: Pick<PlannedRequest, 'path' | 'url'>;
  readonly signal?: AbortSignal | undefined;
  readonly transport?: Transport | undefined;
}

/** A request and, if it failed, the error. */
export interface RequestResult {
  readonly report: RequestReport;
  /** The unchanged status line and headers; empty without an answer. */
  readonly head: string;
  /** The body, at most its first 64 KiB; empty without an answer. */
  readonly body: string;
  readonly error?: AtcomError;
}

/**
 * Presses keys with one GET and returns the outcome. After a 401, the user's credentials are sent once, and never again
 * where this phone has refused them before, because it locks its page after several wrong attempts. Nothing else is sent
 * again.
 */
export async function sendCommand(request: CommandRequest): Promise<RequestResult> {
  const { settings, endpoint, planned } = request;
  const { path, url } = planned;
  const started = performance.now();
  const deadline = started + (settings.timeout ?? DEFAULT_TIMEOUT);
  // Basic needs no challenge: it is sent at once, because the user asked for it.
  const credentials = credentialsOf(settings);
  const authorized = (authorization: string | undefined, given = credentials) =>
    authorization === undefined || given === undefined
      ? undefined
      : tryCredentials(endpoint, given, () => attempt(request, path, deadline, authorization));
  const first = settings.auth === 'basic' && credentials ? basic(credentials) : undefined;
  let result = (await authorized(first)) ?? (await attempt(request, path, deadline));
  if (result.kind === 'answer' && result.status === 401 && settings.auth === 'digest' && credentials) {
    const challenges = parseChallenges(headerValues(result.head, 'www-authenticate'));
    result = (await authorized(digest(challenges, credentials, path))) ?? result;
  }
  return judge(result, { settings, endpoint, url, ms: Math.round(performance.now() - started) });
}

function attempt(
  { settings, endpoint, signal, transport = sendRequest }: CommandRequest,
  path: string,
  deadline: number,
  authorization?: string,
): Promise<Exchange> {
  const timeout = Math.max(1, Math.round(deadline - performance.now()));
  return transport({ endpoint, path, timeout, tls: settings.tls, authorization, signal });
}

function credentialsOf({ user, password }: PhoneSettings): Credentials | undefined {
  return user === undefined || password === undefined ? undefined : { user, password };
}

interface Sent {
  readonly settings: PhoneSettings;
  readonly endpoint: Endpoint;
  readonly url: string;
  readonly ms: number;
}

function judge(result: Exchange, sent: Sent): RequestResult {
  const { url, ms } = sent;
  if (result.kind !== 'answer') {
    const outcome = result.kind === 'lost' ? 'unknown' : 'unreachable';
    return { report: { url, outcome, ms }, head: '', body: '', error: failure(result, sent) };
  }
  const { status, head, body } = result;
  const outcome = interpretReply(result, sent.settings.approval);
  const warning = outcome === 'ok' ? complaintOf(body) : undefined;
  const report = { url, outcome, status, ms, ...(warning === undefined ? {} : { warning }) };
  const answer = { report, head, body };
  if (outcome === 'ok') return answer;
  const host = hostText(sent.endpoint);
  if (outcome === 'approval') return { ...answer, error: new AtcomError('approval', { host }) };
  if (outcome === 'refused') return { ...answer, error: new AtcomError('refused', { host, status }) };
  const scheme = parseChallenges(headerValues(head, 'www-authenticate'))[0]?.scheme;
  const gaveCredentials =
    (sent.settings.auth ?? 'none') !== 'none' && credentialsOf(sent.settings) !== undefined;
  return { ...answer, error: new AtcomError('unauthorized', { host, status, gaveCredentials, scheme }) };
}

function failure({ kind, error: cause }: Exclude<Exchange, { kind: 'answer' }>, sent: Sent): AtcomError {
  const host = hostText(sent.endpoint);
  const waited = formatDuration(sent.settings.timeout ?? DEFAULT_TIMEOUT);
  const late = cause instanceof TimeoutError;
  if (kind === 'lost') {
    const reason = late
      ? `took the request and did not answer within ${waited}`
      : `took the request and gave no answer (${reasonOf(cause)})`;
    return new AtcomError('unknown', { host, reason }, { cause });
  }
  if (cause instanceof OfflineError) return new AtcomError('offline', { host }, { cause });
  if (isTlsError(cause)) {
    const { fingerprint, message: reason } = cause;
    const pinned = sent.settings.tls?.fingerprint !== undefined;
    return fingerprint === undefined
      ? new AtcomError('tls-failed', { host, reason, scheme: sent.endpoint.scheme }, { cause })
      : new AtcomError('tls-untrusted', { host, reason, fingerprint, pinned }, { cause });
  }
  const code = scarcityOf(cause);
  if (code !== undefined) return new AtcomError('no-handles', { host, code }, { cause });
  const reason = late ? `no connection within ${waited}` : reasonOf(cause);
  return new AtcomError('unreachable', { host, reason }, { cause });
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  UND_ERR_SOCKET: 'connection closed',
  EHOSTUNREACH: 'no route to it',
  ENETUNREACH: 'no route to it',
  ETIMEDOUT: 'no connection in time',
  ENOTFOUND: 'name not found',
  EAI_AGAIN: 'name not found: the name server did not answer',
};

/** The words for a socket's error code; its own message for any other. */
function reasonOf(error: Error & { readonly code?: unknown }): string {
  const code = typeof error.code === 'string' ? error.code : '';
  return REASONS[code] ?? (error.message || code || error.name);
}
