import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type ActionReader, newActionReader, TOKEN } from '../protocol/action-url.ts';
import { isForeignHost, isOfForeignPage } from '../web/foreign-page.ts';
import type { PageHandler } from '../web/page.ts';
import { MOST_URL } from './head-repair.ts';
import type { EventHub } from './hub.ts';
import type { Phonebook } from './phonebook.ts';
import { type RefusalReason, refusalRow, shownPath } from './refusal.ts';
import { addressOf, isLoopbackAddress, newSources, type Sources } from './source.ts';

/** Requests that were no event. */
export interface ReceiverCounts {
  /** Paths that name no event. */
  unknown: number;
  /** Other methods, bodies, URLs too long, pages of other sites, and what is no HTTP at all. */
  refused: number;
}

/** What a handler works with. */
export interface HandlerOptions {
  readonly hub: EventHub;
  readonly phonebook: Phonebook;
  readonly counts: ReceiverCounts;
  /** Reads targets of requests; by the document alone where nothing is said. */
  readonly read?: ActionReader | undefined;
  /** The secret without which an event is refused. */
  readonly token?: string | undefined;
  readonly sources?: Sources | undefined;
  /** Other hosts that mean this receiver, in lower case. */
  readonly hosts?: ReadonlySet<string> | undefined;
  /** Serves programs of the same user, at paths that begin with {@link LOCAL}; false for anybody else. */
  readonly serveLocally?: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  readonly now?: (() => Date) | undefined;
  /** Pages for browsers beside the events. */
  readonly pages?: PageHandler | undefined;
}

/** What programs of this computer ask for. */
export const LOCAL = '/_atcom/';

/** A plain handler for Node's http server, which needs no server to be tested. */
export type ReceiverHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers 200 with nothing, before anything else happens; the phone does not wait for what an event sets off. */
export function receiverHandler(options: HandlerOptions): ReceiverHandler {
  const { sources = newSources() } = options;
  const serve = newServing(options, sources);
  /** Connections whose last request was taken; what follows on them is refused with it. */
  const over = new WeakSet<Socket>();
  return (request, response) => {
    if (over.has(request.socket)) return;
    const reason = wrongWith(request) ?? serve(request, response);
    if (reason === undefined) return;
    const { status, last = false } = refusalRow({ refused: reason });
    if (last) over.add(request.socket);
    tellRefusal(options, reason, sources.of(request), request.url ?? '');
    response.writeHead(status, { 'content-length': 0, ...(last ? { connection: 'close' } : {}) }).end();
  };
}

/** Makes what answers a request that may be served, or tells why it is refused. */
function newServing(options: HandlerOptions, sources: Sources) {
  const { hub, phonebook, hosts, serveLocally, pages } = options;
  const { read = newActionReader(), now = () => new Date() } = options;
  const isSecret = secretTest(options.token);
  return (request: IncomingMessage, response: ServerResponse): RefusalReason | undefined => {
    const { url = '' } = request;
    if (url.startsWith(LOCAL) && serveLocally !== undefined) {
      return serveLocally(request, response) ? undefined : 'other-user';
    }
    // Pages know by which names they are reached.
    if (pages?.(request, response) === true) return undefined;
    if (isForOthers(request, sources, hosts)) return 'foreign-host';
    const action = read(url);
    if (action === undefined) return 'unknown-event';
    const { [TOKEN]: secret, ...values } = action.values;
    if (!isSecret(secret)) return 'token';
    response.writeHead(200, { 'content-length': 0 }).end();
    const source = sources.of(request);
    const { event, path } = action;
    const phone = phonebook.nameOf(values, source);
    hub.publish({ time: now().toISOString(), event, phone, source, path, values });
    return undefined;
  };
}

/** Counts a request that was no event, and tells whoever wants to know. */
export function tellRefusal(
  { hub, counts, now }: Pick<HandlerOptions, 'hub' | 'counts' | 'now'>,
  refused: RefusalReason,
  source: string,
  target: string,
): void {
  counts[refused === 'unknown-event' ? 'unknown' : 'refused'] += 1;
  const time = (now?.() ?? new Date()).toISOString();
  hub.refuse({ time, refused, source, path: shownPath(target) });
}

/** What is wrong with a request, whatever it asks for. */
function wrongWith({ method, url = '', headers }: IncomingMessage): RefusalReason | undefined {
  if (method !== 'GET') return 'method';
  const length = headers['content-length'] ?? '0';
  if (headers['transfer-encoding'] !== undefined || Number(length) !== 0) return 'body';
  if (url.length > MOST_URL) return 'too-long';
  return isOfForeignPage(headers) ? 'foreign-page' : undefined;
}

/** Whether a request that only this computer can send names another host. A proxy passes on what it was asked as. */
function isForOthers(
  { headers, socket }: IncomingMessage,
  sources: Sources,
  hosts: ReadonlySet<string> | undefined,
): boolean {
  const isForeign = isLoopbackAddress(socket.localAddress) && isForeignHost(headers.host, hosts);
  return isForeign && !sources.isProxy(addressOf(socket));
}

/** Whether a text is the secret, in a time that does not tell how much of it is right. */
function secretTest(token: string | undefined): (text: string | undefined) => boolean {
  if (token === undefined) return () => true;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const secret = digest(token);
  return (text) => text !== undefined && timingSafeEqual(digest(text), secret);
}
