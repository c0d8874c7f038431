import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ActionRequest, parseActionRequest } from '../protocol/action-url.ts';
import { canonicalHost } from '../protocol/command-url.ts';
import type { ReportedEvent } from '../protocol/reported-event.ts';
import type { PageHandler } from '../web/page.ts';
import type { EventHub } from './hub.ts';
import { serveLocally } from './local-stream.ts';
import type { Phonebook } from './phonebook.ts';

/** No Action URL is longer than 511 characters; what values it grows by is far less than this. */
export const MOST_URL = 8192;

/** Requests that were no event. */
export interface ReceiverCounts {
  /** Paths that name no event. */
  unknown: number;
  /** Other methods, bodies, URLs too long, and what is no HTTP at all. */
  refused: number;
}

/** What a handler works with. */
export interface HandlerOptions {
  readonly hub: EventHub;
  readonly phonebook: Phonebook;
  readonly counts: ReceiverCounts;
  readonly now?: (() => Date) | undefined;
  /** Pages for browsers beside the events. */
  readonly pages?: PageHandler | undefined;
}

/** A plain handler for Node's http server, which needs no server to be tested. */
export type ReceiverHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers 200 with nothing, before anything else happens; the phone does not wait for what an event sets off. */
export function receiverHandler(options: HandlerOptions): ReceiverHandler {
  const { counts } = options;
  const refuse = (response: ServerResponse, status: number) => {
    counts.refused += 1;
    response.writeHead(status, { 'content-length': 0, connection: 'close' }).end();
  };
  return (request, response) => {
    const { method, url = '', headers } = request;
    if (method !== 'GET') return refuse(response, 405);
    if (headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0') {
      return refuse(response, 413);
    }
    if (url.length > MOST_URL) return refuse(response, 414);
    if (url.startsWith('/_atcom/')) return serveLocally(request, response, options.hub);
    if (options.pages?.(request, response) === true) return;
    const action = parseActionRequest(url);
    if (action === undefined) {
      counts.unknown += 1;
      response.writeHead(404, { 'content-length': 0 }).end();
      return;
    }
    response.writeHead(200, { 'content-length': 0 }).end();
    take(action, request.socket.remoteAddress, options);
  };
}

/** The event of a raw request line, for requests that Node's parser refuses: phones put blanks into URLs. */
export function takeRawRequest(packet: Buffer, source: string | undefined, options: HandlerOptions): boolean {
  const text = packet.toString('latin1', 0, MOST_URL + 100);
  const target = /^GET ([^\r\n\0]+) HTTP\/1\.[01]\r?\n/.exec(text)?.[1];
  const action = target === undefined || target.length > MOST_URL ? undefined : parseActionRequest(target);
  if (action !== undefined) take(action, source, options);
  return action !== undefined;
}

function take(
  { event, path, values }: ActionRequest,
  address: string | undefined,
  options: HandlerOptions,
): void {
  const source = canonicalHost(address ?? '') ?? address ?? '';
  const time = (options.now?.() ?? new Date()).toISOString();
  const reported: ReportedEvent = {
    time,
    event,
    phone: options.phonebook.nameOf(values, source),
    source,
    path,
    values,
  };
  options.hub.publish(reported);
}
