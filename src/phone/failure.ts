import { AtcomError, isAtcomError } from '../errors.ts';
import { OfflineError } from '../offline.ts';
import { type Endpoint, hostText } from '../protocol/command-url.ts';
import { formatDuration } from '../protocol/duration.ts';
import { networkReason } from '../protocol/network-reasons.ts';
import { DEFAULT_TIMEOUT, type PhoneSettings } from '../protocol/settings.ts';
import { type Exchange, StoppedError, TimeoutError } from '../transport/exchange.ts';
import { scarcityOf } from '../transport/handles.ts';
import { isTlsError } from '../transport/trust.ts';

/** The recipient of a request. */
interface Sent {
  readonly settings: PhoneSettings;
  readonly endpoint: Endpoint;
  /** What may have happened if no keys were sent and the response was lost. */
  readonly effect?: string | undefined;
}

/** The error of a request without a response. */
export function failureOf(
  { kind, error: cause }: Exclude<Exchange, { kind: 'answer' }>,
  sent: Sent,
): AtcomError {
  const host = hostText(sent.endpoint);
  const waited = formatDuration(sent.settings.timeout ?? DEFAULT_TIMEOUT);
  const late = cause instanceof TimeoutError;
  if (kind === 'lost') {
    const reason = late
      ? `took the request and did not answer within ${waited}`
      : `took the request and gave no answer (${networkReason(cause)})`;
    const effect = sent.effect === undefined ? {} : { effect: sent.effect };
    return new AtcomError('unknown', { host, reason, ...effect }, { cause });
  }
  if (isAtcomError(cause)) return cause;
  if (cause instanceof StoppedError) return new AtcomError('skipped', { reason: cause.message }, { cause });
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
  const reason = late ? `no connection within ${waited}` : networkReason(cause);
  return new AtcomError('unreachable', { host, reason }, { cause });
}
