import type { Socket } from 'node:net';
import { onAbort } from '../abort.ts';
import { type Endpoint, hostText } from '../protocol/command-url.ts';
import type { TlsSettings } from '../protocol/settings.ts';
import { connectOnce } from './connect.ts';
import { withHandle } from './handles.ts';
import { type OpenLine, openLine } from './line.ts';
import { unpinnable } from './trust.ts';
import { headerValues, MOST_BYTES, Wire } from './wire.ts';

/** One request: a POST if there is a form, otherwise a GET. */
export interface ExchangeRequest {
  readonly endpoint: Endpoint;
  /** Path and query, sent unchanged. */
  readonly path: string;
  /** The timeout in milliseconds for everything: connecting, sending, and the complete response. */
  readonly timeout: number;
  readonly tls?: TlsSettings | undefined;
  readonly authorization?: string | undefined;
  /** The encoded fields of a form to post. */
  readonly form?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is known after one request. */
export type Exchange =
  /** The phone responded: a complete status line arrived. The rest may be malformed. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly head: string;
      readonly body: string;
      /** The body was not read to its end, or is not plain text in UTF-8. */
      readonly cut?: boolean;
    }
  /** No byte of the request was written to a connected socket. */
  | { readonly kind: 'undelivered'; readonly error: Error }
  /** The request was sent, but no status line arrived. */
  | { readonly kind: 'lost'; readonly error: Error };

/** The request took longer than its timeout. */
export class TimeoutError extends Error {
  /** Whether a connection was being made all the time, and nothing accepted it. */
  readonly unaccepted: boolean;

  constructor(ms: number, unaccepted: boolean) {
    super(`no answer within ${ms} ms`);
    this.unaccepted = unaccepted;
  }
}

/**
 * Sends one request on its own connection and returns what happened. It follows no redirect, never retries and never
 * throws: every failure is a value, derived from what happened on the socket.
 */
export function exchange(request: ExchangeRequest, open: OpenLine = openLine): Promise<Exchange> {
  const { endpoint, tls = {}, timeout, signal } = request;
  const impossible = endpoint.scheme === 'http' ? unpinnable(tls) : undefined;
  if (impossible !== undefined) return Promise.resolve({ kind: 'undelivered', error: impossible });
  return withHandle(() => exchangeOnce(request, open), {
    within: timeout,
    signal,
    without: (error) => ({ kind: 'undelivered', error }),
  });
}

function exchangeOnce(request: ExchangeRequest, open: OpenLine): Promise<Exchange> {
  const { endpoint, path, timeout, tls = {}, authorization, form, signal } = request;
  return new Promise((resolve) => {
    const wire = new Wire();
    let socket: Socket | undefined;
    let resolved = false;
    const parsed = { status: 0, body: [] as Buffer[], size: 0 };
    const line = open(
      endpoint,
      connectOnce(wire, tls, (connecting) => {
        socket = connecting.once('connectionAttempt', () => {
          resolved = true;
        });
      }),
    );

    let settled = false;
    let forget = () => {};
    let ended = false;
    const settle = (error?: Error) => {
      if (settled) return;
      settled = true;
      clearTimeout(deadline);
      forget();
      // undici takes a connection that was reset for the end of a response without a length.
      resolve(verdict(wire, { ...parsed, ended: ended && socket?.errored == null }, error));
      // Both are needed: undici does not destroy a socket that is still connecting.
      socket?.destroy();
      line.close(ended);
    };
    const giveUp = () => settle(new TimeoutError(timeout, resolved && socket?.connecting === true));
    const deadline = setTimeout(giveUp, timeout);
    const abort = () => settle(signal?.reason instanceof Error ? signal.reason : new Error('interrupted'));
    if (signal?.aborted === true) {
      abort();
      return;
    }
    forget = onAbort(signal, abort);

    line.dispatch(
      {
        ...(form === undefined ? { method: 'GET' } : { method: 'POST', body: form }),
        path,
        reset: true,
        headers: {
          host: hostText(endpoint),
          accept: '*/*',
          'user-agent': 'atcom',
          ...(authorization === undefined ? {} : { authorization }),
          ...(form === undefined ? {} : FORM),
        },
      },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, status) => {
          parsed.status = status;
        },
        onResponseData: (_controller, chunk) => {
          parsed.body.push(chunk);
          parsed.size += chunk.length;
          if (parsed.size >= MOST_BYTES) settle();
        },
        onResponseEnd: () => {
          ended = true;
          settle();
        },
        onResponseError: (_controller, error) => settle(error),
      },
    );
  });
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' } as const;

/** Decodes UTF-8 bytes that are held one per character. */
function textOf(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

interface Parsed {
  readonly status: number;
  readonly body: readonly Buffer[];
  /** The parser saw the end of the response. */
  readonly ended: boolean;
}

/** Derives the result from the socket; the error only explains why there was no response. */
function verdict(wire: Wire, parsed: Parsed, error?: Error): Exchange {
  const answer = wire.answer;
  const status = answer?.status ?? parsed.status;
  if (status >= 200) {
    const decoded = Buffer.concat(parsed.body).subarray(0, MOST_BYTES).toString('utf8');
    const { head = '', rest = '' } = answer ?? {};
    const body = decoded || textOf(rest);
    const whole = (parsed.ended || hasItsLength(head, rest)) && isPlainText(head, body);
    return { kind: 'answer', status, head, body, ...(whole ? {} : { cut: true }) };
  }
  const why = error ?? new Error('the connection was closed without an answer');
  return { kind: wire.requestLeft ? 'lost' : 'undelivered', error: why };
}

/** Whether a body whose end the parser did not see has the length that was announced for it. */
function hasItsLength(head: string, rest: string): boolean {
  const lengths = headerValues(head, 'content-length');
  return (
    lengths.length > 0 && lengths.every((length) => /^\d+$/.test(length) && rest.length >= Number(length))
  );
}

const PLAIN_CHARSET = /^(?:utf-?8|us-ascii|ascii|latin-?1|iso-8859-\d+|windows-125\d)$/i;

/** Whether a text that is looked for in a body would be found there. */
function isPlainText(head: string, body: string): boolean {
  const types = headerValues(head, 'content-type').join(';');
  return (
    headerValues(head, 'content-encoding').every((encoding) => /^identity$/i.test(encoding)) &&
    headerValues(head, 'transfer-encoding').every((encoding) => /^chunked$/i.test(encoding)) &&
    Array.from(types.matchAll(/charset\s*=\s*["']?([^"';\s]*)/gi)).every(([, name = '']) =>
      PLAIN_CHARSET.test(name),
    ) &&
    !body.includes('\0')
  );
}
