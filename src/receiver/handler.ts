import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ActionReader, type ActionRequest, newActionReader } from '../protocol/action-url.ts';
import { LISTENER_PATHS } from '../protocol/listener-paths.ts';
import { TOKEN } from '../protocol/token.ts';
import { hasTooManyFields } from '../web/fields.ts';
import { isForeignHost, isOfBrowser, isOfForeignPage } from '../web/foreign-page.ts';
import { failPage, type PageHandler } from '../web/page.ts';
import { endSoon } from './connections.ts';
import { MOST_URL } from './head-repair.ts';
import type { EventHub } from './hub.ts';
import { isOver, takeNoMore } from './late-requests.ts';
import type { Phonebook } from './phonebook.ts';
import { type RefusalReason, refusalRow, shownPath } from './refusal.ts';
import { isLoopbackAddress, newSources, type Sources } from './source.ts';

/** Counts of requests that were not events. */
export interface ReceiverCounts {
  /** Requests to paths that name no event. */
  unknown: number;
  /** Other methods, bodies, overlong URLs, pages of other sites, and anything that is not HTTP. */
  refused: number;
}

/** The dependencies of a handler. */
export interface HandlerOptions {
  readonly hub: EventHub;
  readonly phonebook: Phonebook;
  readonly counts: ReceiverCounts;
  /** Parses request targets; by default as in the vendor's document. */
  readonly read?: ActionReader | undefined;
  /** The token that every event must carry, if there is one. */
  readonly token?: string | undefined;
  readonly sources?: Sources | undefined;
  /** Other host names of this receiver, in lower case. */
  readonly hosts?: ReadonlySet<string> | undefined;
  /** Serves programs of the same user at paths that begin with {@link LOCAL}; returns false for anyone else. */
  readonly serveLocally?: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  readonly now?: (() => Date) | undefined;
  /** Pages for browsers on the same port. */
  readonly pages?: PageHandler | undefined;
}

/** The prefix of paths for programs on this computer. */
export const LOCAL = `${LISTENER_PATHS.local}/`;

/** A handler for Node's http server, testable without one. */
export type ReceiverHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Responds with an empty 200 first, so that the phone does not wait for what its event triggers. */
export function receiverHandler(options: HandlerOptions): ReceiverHandler {
  const { sources = newSources() } = options;
  const serve = newServing(options, sources);
  return (request, response) => {
    if (isOver(request.socket)) return;
    const reason = wrongWith(request) ?? serve(request, response);
    if (reason === undefined) return;
    const { status, last = false } = refusalRow({ refused: reason });
    if (last) {
      takeNoMore(request.socket);
      // Its client need not read the answers before this one, or this one.
      endSoon(request.socket);
    }
    tellRefusal(options, reason, sources.of(request), request.url ?? '');
    response.writeHead(status, { 'content-length': 0, ...(last ? { connection: 'close' } : {}) }).end();
  };
}

/** Returns a function that serves the request, or the reason to refuse it. */
function newServing(options: HandlerOptions, sources: Sources) {
  const { hub, phonebook, hosts, serveLocally, pages } = options;
  const { read = newActionReader(), now = () => new Date() } = options;
  const isSecret = secretTest(options.token);
  const isPage = (request: IncomingMessage, response: ServerResponse) => {
    try {
      return pages?.(request, response) === true;
    } catch (error) {
      failPage(response, error);
      return true;
    }
  };
  return (request: IncomingMessage, response: ServerResponse): RefusalReason | undefined => {
    const { url = '' } = request;
    if (url.startsWith(LOCAL) && serveLocally !== undefined) {
      return serveLocally(request, response) ? undefined : 'other-user';
    }
    // Pages check the Host header themselves.
    if (isPage(request, response)) return undefined;
    const source = sources.of(request);
    const wrong = wrongWithEvent(request, source, hosts);
    if (wrong !== undefined) return wrong;
    const action = read(url);
    if (action === undefined) return 'unknown-event';
    const { event, path } = action;
    if (!isSecret(action.values[TOKEN])) return 'token';
    const values = withoutToken(action.values);
    const time = now().toISOString();
    const phone = phonebook.nameOf(values, source);
    response.writeHead(200, { 'content-length': 0 }).end();
    hub.publish({ time, event, phone, source, path, values });
    return undefined;
  };
}

function withoutToken(values: ActionRequest['values']): ActionRequest['values'] {
  if (values[TOKEN] === undefined) return values;
  const { [TOKEN]: _, ...others } = values;
  return others;
}

/** Counts a refused request, and publishes it. */
export function tellRefusal(
  {
    hub,
    phonebook,
    counts,
    token,
    now,
  }: Pick<HandlerOptions, 'hub' | 'phonebook' | 'counts' | 'token' | 'now'>,
  refused: RefusalReason,
  source: string,
  target: string,
): void {
  counts[refused === 'unknown-event' ? 'unknown' : 'refused'] += 1;
  const time = (now?.() ?? new Date()).toISOString();
  hub.refuse({ time, refused, source, path: shownPath(target, token) }, phonebook.nameOf({}, source));
}

/** Why a request is refused regardless of its path. */
function wrongWith(request: IncomingMessage): RefusalReason | undefined {
  // First, because what would speak against it may have been dropped.
  if (hasTooManyFields(request)) return 'too-long';
  const { method, url = '', headers } = request;
  if (method !== 'GET') return 'method';
  const length = headers['content-length'] ?? '0';
  if (headers['transfer-encoding'] !== undefined || Number(length) !== 0) return 'body';
  if (url.length > MOST_URL) return 'too-long';
  return isOfForeignPage(headers) ? 'foreign-page' : undefined;
}

/** Why a request is no event, whatever its path. */
function wrongWithEvent(
  request: IncomingMessage,
  source: string,
  hosts: ReadonlySet<string> | undefined,
): RefusalReason | undefined {
  // Its connection was reset before it was taken, so nobody knows whose event it is.
  if (source === '') return 'cut-short';
  if (isForOthers(request, hosts)) return 'foreign-host';
  return isOfBrowser(request.headers) ? 'foreign-page' : undefined;
}

/**
 * Whether a loopback request has a foreign Host header, as after DNS rebinding. A browser on the computer
 * of a trusted proxy cannot be told from it, so a proxy that forwards a host needs `listener.url`.
 */
function isForOthers({ headers, socket }: IncomingMessage, hosts: ReadonlySet<string> | undefined): boolean {
  // Phones name no host, and the address of this end is asked of the system.
  if (headers.host === undefined || !isLoopbackAddress(socket.localAddress)) return false;
  return isForeignHost(headers.host, hosts);
}

/** Compares a text with the token in constant time. */
function secretTest(token: string | undefined): (text: string | undefined) => boolean {
  if (token === undefined) return () => true;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const secret = digest(token);
  return (text) => text !== undefined && timingSafeEqual(digest(text), secret);
}
