import { type ClientRequest, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ReportedEvent } from './event.ts';
import { EventHub } from './hub.ts';
import type { Phonebook } from './phonebook.ts';

/** Where a receiver offers its events to other programs of this computer. */
export const STREAM_PATH = '/_atcom/events';

/** How the stream of an atcom receiver is told from any other server on the port. */
const CONTENT_TYPE = 'text/event-stream; atcom=1';

/** What a reader may be behind before its connection is closed, in bytes. */
const MOST_BEHIND = 1024 * 1024;

/** Serves the stream, on loopback only, and only to requests for a loopback host: no web page gets at it by a name. */
export function serveLocally(request: IncomingMessage, response: ServerResponse, hub: EventHub): void {
  const { remoteAddress = '' } = request.socket;
  const local = isLoopback(remoteAddress) && isLoopback(hostOf(request.headers.host));
  if (!local || request.url !== STREAM_PATH) {
    response.writeHead(local ? 404 : 403, { 'content-length': 0 }).end();
    return;
  }
  response.writeHead(200, { 'content-type': CONTENT_TYPE, 'cache-control': 'no-store' });
  response.flushHeaders();
  const stop = hub.subscribe((event) => {
    response.write(`data: ${JSON.stringify(event)}\n\n`);
    if (response.writableLength > MOST_BEHIND) response.destroy();
  });
  response.on('close', stop);
}

function isLoopback(address: string): boolean {
  return /^(::ffff:)?127\.\d+\.\d+\.\d+$|^::1$|^localhost$/.test(address);
}

function hostOf(header = ''): string {
  return header.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}

/** The events of a receiver that already runs on a port. */
export interface Attachment {
  readonly hub: EventHub;
  /** Settles when the other receiver ends. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Time for the other receiver to answer, in milliseconds. */
const ANSWER = 2000;

/** Attaches to the receiver on a port of this computer; undefined when what listens there is none. */
export function attach(port: number, phonebook: Phonebook): Promise<Attachment | undefined> {
  return new Promise((resolve) => {
    const request: ClientRequest = get({ host: '127.0.0.1', port, path: STREAM_PATH, timeout: ANSWER });
    request.on('error', () => resolve(undefined)).on('timeout', () => request.destroy());
    request.on('response', (response) => {
      if (response.headers['content-type'] !== CONTENT_TYPE) {
        request.destroy();
        resolve(undefined);
        return;
      }
      request.setTimeout(0);
      const hub = new EventHub();
      let rest = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          if (line.startsWith('data: ')) hub.publish(named(JSON.parse(line.slice(6)), phonebook));
        }
      });
      const ended = new Promise<void>((end) => response.once('close', end));
      response.on('error', () => undefined);
      resolve({ hub, ended, close: () => request.destroy() });
    });
  });
}

/** The other receiver may know fewer phones than this program. */
function named(event: ReportedEvent, phonebook: Phonebook): ReportedEvent {
  return { ...event, phone: phonebook.nameOf(event.values, event.source) };
}
