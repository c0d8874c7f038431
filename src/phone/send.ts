import { pause } from '../abort.ts';
import { AtcomError, isAtcomError } from '../errors.ts';
import { type Endpoint, hostText } from '../protocol/command-url.ts';
import { type PlannedRequest, planRequests } from '../protocol/plan.ts';
import type { Sequence } from '../protocol/sequence.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import type { PhoneReport, RequestReport } from './report.ts';
import { sendCommand } from './request.ts';
import type { Transport } from './transport.ts';

/** How a sequence is sent. */
export interface SendOptions {
  /** Aborts the request in flight and the pauses. What was not sent yet is reported as `skipped`. */
  readonly signal?: AbortSignal | undefined;
  /** Sends nothing more once aborted: what has left for the phone goes on, but not what is still connecting. */
  readonly stop?: AbortSignal | undefined;
  /** How often an `unreachable` request is sent again; 0 by default. Nothing arrived, so no key is pressed twice. */
  readonly retry?: number | undefined;
  /** Milliseconds to keep trying while the phone shows its prompt; 0 by default. Until then, it presses no key. */
  readonly waitApproval?: number | undefined;
  /**
   * Called before each request.
   *
   * @throws {AtcomError} why it must not be sent; it is `skipped`, then, as is the rest
   */
  readonly beforeSend?: (() => Promise<void>) | undefined;
  /** Called when a request starts, with the keys that it presses. */
  readonly onSend?: ((keys: string) => void) | undefined;
  /**
   * Called before a request leaves for the phone, once it is connected, and again before its password does.
   *
   * @throws {AtcomError} why it must not be sent; it is `skipped`, then, as is the rest
   */
  readonly onLeave?: (() => Promise<void>) | undefined;
  /** Called after each request, with the head and body of the response, in which credentials are replaced by `***`. */
  readonly onRequest?: ((report: RequestReport, head: string, body: string) => void) | undefined;
}

/** The delay between two attempts while someone walks to the phone, or while it is unreachable, in milliseconds. */
const TRY_AGAIN = 1000;

/** What sending needs of a phone. */
export interface Recipient {
  readonly name: string;
  readonly settings: PhoneSettings;
  readonly endpoint: Endpoint;
  readonly transport: Transport | undefined;
}

/** Sends a sequence request by request, and stops at the first failure. */
export async function sendSequence(
  to: Recipient,
  sequence: Sequence,
  options: SendOptions,
): Promise<PhoneReport> {
  const started = performance.now();
  const requests: RequestReport[] = [];
  const plan = planRequests(to.settings, sequence);
  let failure: Failure | undefined;
  for (const planned of plan) {
    const { after, url } = planned;
    if (failure === undefined && !(await pause(after, options.signal, options.stop))) failure = stopped();
    if (failure !== undefined) {
      requests.push({ url, outcome: 'skipped', ms: 0 });
      continue;
    }
    const { report, error } = await sendPatiently(to, planned, options);
    requests.push(report);
    if (report.outcome !== 'ok' && error !== undefined) failure = { outcome: report.outcome, error };
  }
  const ms = Math.round(performance.now() - started);
  const base = { phone: to.name, host: hostText(to.endpoint), ms, requests };
  if (failure === undefined) return { ...base, outcome: 'ok' };
  const done = requests.filter(({ outcome }) => outcome === 'ok').length;
  return { ...base, ...partly(failure, done, plan.length) };
}

/**
 * Sends one request. It is sent again only if nothing was delivered or the phone still shows its prompt, as the options
 * allow.
 */
async function sendPatiently(
  { settings, endpoint, transport }: Recipient,
  planned: PlannedRequest,
  options: SendOptions,
) {
  const { signal, stop, onLeave, retry = 0, waitApproval = 0 } = options;
  const giveUp = performance.now() + waitApproval;
  for (let retries = 0; ; ) {
    const refusal = await refusalOf(options);
    if (refusal !== undefined) {
      return { report: { url: planned.url, outcome: 'skipped', ms: 0 } as const, error: refusal };
    }
    options.onSend?.(planned.key);
    const result = await sendCommand({ settings, endpoint, planned, signal, stop, onLeave, transport });
    options.onRequest?.(result.report, result.head, result.body);
    const { outcome } = result.report;
    const asksOn = outcome === 'approval' && performance.now() < giveUp;
    const notReached = outcome === 'unreachable' && retries < retry;
    const wait = asksOn ? Math.min(TRY_AGAIN, giveUp - performance.now()) : TRY_AGAIN;
    if (!(asksOn || notReached) || !(await pause(wait, signal, stop))) return result;
    if (notReached) retries += 1;
  }
}

async function refusalOf({ beforeSend, stop }: SendOptions): Promise<AtcomError | undefined> {
  if (beforeSend === undefined) return undefined;
  try {
    await beforeSend();
    // That may have taken its time.
    return stop?.aborted === true ? stopped().error : undefined;
  } catch (error) {
    if (!isAtcomError(error)) throw error;
    return error;
  }
}

interface Failure {
  readonly outcome: Exclude<PhoneReport['outcome'], 'ok'>;
  readonly error: AtcomError;
}

function stopped(): Failure {
  return { outcome: 'skipped', error: new AtcomError('skipped', { reason: 'the run was stopped' }) };
}

/**
 * A failure after `done` of `total` requests. If earlier ones succeeded, sending all of it again would press their keys
 * twice, whatever became of the later one.
 */
export function partly(failure: Failure, done: number, total: number): Failure {
  if (done === 0) return failure;
  const { outcome, error: cause } = failure;
  const isUnsure = outcome === 'unknown';
  const details = { done, total, reason: cause.message, ...(isUnsure ? { isUnsure } : {}) };
  const error = new AtcomError('partial', details, { cause });
  return { outcome: isUnsure ? outcome : 'partial', error };
}

/** Why a sequence was not carried out whole: of one that was partly sent, why its next request was not. */
export function causeOf(error: AtcomError): AtcomError {
  return error.code === 'partial' && isAtcomError(error.cause) ? error.cause : error;
}
