import type { Socket } from 'node:net';
import { TextDecoder } from 'node:util';
import { onAbort } from '../abort.ts';
import { onceRead } from '../once-read.ts';
import { type Endpoint, hostText } from '../protocol/command-url.ts';
import type { TlsSettings } from '../protocol/settings.ts';
import { connectOnce } from './connect.ts';
import { withHandle } from './handles.ts';
import { type OpenLine, openLine } from './line.ts';
import { unpinnable } from './trust.ts';
import { fromChunks, headerValues, MOST_BYTES, Wire } from './wire.ts';

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
  /** Sends nothing once aborted, also while it connects; what has left goes on. */
  readonly stop?: AbortSignal | undefined;
  /** Called once it is connected; it leaves when that has settled, and not at all if it rejects. */
  readonly onLeave?: (() => Promise<void>) | undefined;
}

/** What is known after one request. */
export type Exchange =
  /** The phone responded: a complete status line arrived. The rest may be malformed. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly head: string;
      readonly body: string;
      /** The body was not read to its end, or nobody can tell its characters. */
      readonly cut?: boolean;
    }
  /** No byte of the request was written to a connected socket. */
  | { readonly kind: 'undelivered'; readonly error: Error }
  /** The request was sent, but no status line arrived. */
  | { readonly kind: 'lost'; readonly error: Error };

/** Before anything of the request left, it was stopped. */
export class StoppedError extends Error {
  constructor() {
    super('the run was stopped');
  }
}

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
  const { endpoint, path, timeout, tls = {}, authorization, form, signal, stop, onLeave } = request;
  return new Promise((resolve) => {
    const wire = new Wire();
    let socket: Socket | undefined;
    let resolved = false;
    const parsed = { status: 0, body: [] as Buffer[], size: 0 };
    const line = open(
      endpoint,
      connectOnce(
        wire,
        tls,
        (connecting) => {
          socket = connecting.once('connectionAttempt', () => {
            resolved = true;
          });
        },
        () => (over ? new TimeoutError(timeout, false) : undefined),
        onLeave,
      ),
    );

    let [settled, over] = [false, false];
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
    const deadline = setTimeout(() => {
      over = true;
      onceRead(giveUp);
    }, timeout);
    const abort = () => settle(signal?.reason instanceof Error ? signal.reason : new Error('interrupted'));
    const halt = () => {
      if (!wire.requestLeft) settle(new StoppedError());
    };
    if (signal?.aborted === true) return abort();
    if (stop?.aborted === true) return halt();
    const listeners = [onAbort(signal, abort), onAbort(stop, halt)];
    forget = () => {
      for (const leave of listeners) leave();
    };

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
    const { head = '', rest = '' } = answer ?? {};
    const decoder = decoderOf(head);
    const raw = isChunked(head) ? fromChunks(rest) : rest;
    const parts = parsed.body.length > 0 ? parsed.body : [Buffer.from(raw, 'latin1')];
    const bytes = Buffer.concat(parts).subarray(0, MOST_BYTES);
    const body = (decoder ?? new TextDecoder()).decode(bytes);
    const whole = parsed.ended || hasItsLength(head, rest);
    const legible = whole && decoder !== undefined && isPlain(head) && !body.includes('\0');
    return { kind: 'answer', status, head, body, ...(legible ? {} : { cut: true }) };
  }
  const why = error ?? new Error('the connection was closed without an answer');
  return { kind: wire.requestLeft ? 'lost' : 'undelivered', error: why };
}

/** Whether a body whose end the parser did not see has the length that was announced for it. In chunks, it has none. */
function hasItsLength(head: string, rest: string): boolean {
  const lengths = headerValues(head, 'content-length');
  return (
    !isChunked(head) &&
    lengths.length > 0 &&
    lengths.every((length) => /^\d+$/.test(length) && rest.length >= Number(length))
  );
}

function isChunked(head: string): boolean {
  return headerValues(head, 'transfer-encoding').length > 0;
}

/** Whether a body is transferred as it is, or in chunks. */
function isPlain(head: string): boolean {
  return (
    headerValues(head, 'content-encoding').every((encoding) => /^identity$/i.test(encoding)) &&
    headerValues(head, 'transfer-encoding').every((encoding) => /^chunked$/i.test(encoding))
  );
}

/** Whether a body is read as UTF-8, so that its text, sent in UTF-8, is the same again. */
export function isUtf8(head: string): boolean {
  return decoderOf(head)?.encoding === 'utf-8';
}

/** Decodes a body by the charset that is named, or else as UTF-8; undefined where nobody can tell its characters. */
function decoderOf(head: string): TextDecoder | undefined {
  const types = headerValues(head, 'content-type').join(';');
  const charsets = types.matchAll(/charset\s*=\s*["']?([^"';\s]*)/gi);
  const names = new Set(Array.from(charsets, ([, name = '']) => name.toLowerCase()));
  const [name = 'utf-8'] = names;
  if (names.size > 1) return undefined;
  try {
    // To a browser, ASCII is windows-1252, which has a letter for every byte. What says that it is ASCII and is not can
    // be anything.
    const decoder = new TextDecoder(name.endsWith('ascii') ? 'utf-8' : name.replace('latin-', 'latin'));
    // Often named where it is not so.
    return decoder.encoding.startsWith('utf-16') ? undefined : decoder;
  } catch {
    return undefined;
  }
}
