import { AtcomError } from '../errors.ts';
import { type Endpoint, hostText } from '../protocol/command-url.ts';
import type { PlannedRequest } from '../protocol/plan.ts';
import { complaintOf, interpretReply } from '../protocol/reply.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import { challengesIn } from '../transport/authorization.ts';
import type { Exchange } from '../transport/exchange.ts';
import { type AuthorizedExchange, credentialsOf, exchangeAuthorized, secretHider } from './authorized.ts';
import { failureOf } from './failure.ts';
import type { RequestReport } from './report.ts';
import { withoutQuerySecrets } from './secret-names.ts';
import type { Transport } from './transport.ts';

/** What a GET needs. */
export interface CommandRequest {
  readonly settings: PhoneSettings;
  readonly endpoint: Endpoint;
  /** The planned request. */
  readonly planned: Pick<PlannedRequest, 'path' | 'url'>;
  readonly signal?: AbortSignal | undefined;
  readonly stop?: AbortSignal | undefined;
  readonly onLeave?: (() => Promise<void>) | undefined;
  readonly transport?: Transport | undefined;
}

/** A request and, if it failed, the error. */
export interface RequestResult {
  readonly report: RequestReport;
  /** The status line and headers, without credentials; empty without a response. */
  readonly head: string;
  /** The body, at most its first 64 KiB, without credentials; empty without a response. */
  readonly body: string;
  readonly error?: AtcomError;
}

/** Presses keys with one GET, and another after a 401, and returns the outcome. */
export async function sendCommand(request: CommandRequest): Promise<RequestResult> {
  const { settings, endpoint, planned } = request;
  const { path, url } = planned;
  const started = performance.now();
  const result = await exchangeAuthorized({ ...request, path });
  return judge(result, { settings, endpoint, url, ms: Math.round(performance.now() - started) });
}

interface Sent {
  readonly settings: PhoneSettings;
  readonly endpoint: Endpoint;
  readonly url: string;
  readonly ms: number;
}

function judge(result: AuthorizedExchange, sent: Sent): RequestResult {
  const { url, ms } = sent;
  if (result.kind !== 'answer') return unanswered(result, sent);
  const { status, head, body, cut = false } = result;
  const { body: question = '' } = sent.settings.approval ?? {};
  const outcome = interpretReply(result, sent.settings.approval, result.credentials !== undefined);
  // The body says whether the phone asks.
  if (outcome === 'ok' && (cut ? question !== '' : isIllegible(body, question)))
    return judge({ kind: 'lost', error: new Error('its answer was cut short') }, sent);
  const secret = secretHider(sent.settings);
  const hide = (text: string) => withoutQuerySecrets(secret(text));
  const warning = outcome === 'ok' ? complaintOf(hide(body)) : undefined;
  const report = { url, outcome, status, ms, ...(warning === undefined ? {} : { warning }) };
  const answer = { report, head: hide(head), body: hide(body) };
  if (outcome === 'ok') return answer;
  const host = hostText(sent.endpoint);
  if (outcome === 'approval') return { ...answer, error: new AtcomError('approval', { host }) };
  if (outcome === 'refused') return { ...answer, error: new AtcomError('refused', { host, status }) };
  const gaveCredentials =
    (sent.settings.auth ?? 'none') !== 'none' && credentialsOf(sent.settings) !== undefined;
  const details = {
    host,
    status,
    gaveCredentials,
    scheme: challengesIn(answer.head)[0]?.scheme,
    withheld: result.credentials === 'withheld',
  };
  return { ...answer, error: new AtcomError('unauthorized', details) };
}

function unanswered(result: Exclude<Exchange, { kind: 'answer' }>, sent: Sent): RequestResult {
  const { url, ms } = sent;
  const error = failureOf(result, sent);
  const unsent = error.code === 'skipped' ? 'skipped' : 'unreachable';
  const outcome = result.kind === 'lost' ? 'unknown' : unsent;
  return { report: { url, outcome, ms }, head: '', body: '', error };
}

/** Whether a text could be in a body and not be found: where bytes are no characters, only ASCII is to be trusted. */
function isIllegible(body: string, text: string): boolean {
  return body.includes('\ufffd') && /[^\p{ASCII}]/u.test(text);
}
