import { type ClientRequest, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ReportedEvent } from '../protocol/reported-event.ts';
import { EventHub } from './hub.ts';
import type { Phonebook } from './phonebook.ts';
import type { HeardPhone } from './states/phone-states.ts';

/** Where a receiver offers its events to other programs of this computer. */
export const STREAM_PATH = '/_atcom/events';

/** How the stream of an atcom receiver is told from any other server on the port. */
const CONTENT_TYPE = 'text/event-stream; atcom=1';

/** Asks for the states of the phones, before the events that come. */
const WITH_STATES = `${STREAM_PATH}?states`;

/** What begins the line of states. To whoever reads only events it is a comment. */
const STATES = ': states ';

/** What a reader may be behind before its connection is closed, in bytes. */
const MOST_BEHIND = 1024 * 1024;

/** Serves the stream, on loopback only, and only to requests for a loopback host: no web page gets at it by a name. */
export function serveLocally(request: IncomingMessage, response: ServerResponse, hub: EventHub): void {
  const { remoteAddress = '' } = request.socket;
  const local = isLoopback(remoteAddress) && isLoopback(hostOf(request.headers.host));
  if (!local || (request.url !== STREAM_PATH && request.url !== WITH_STATES)) {
    response.writeHead(local ? 404 : 403, { 'content-length': 0 }).end();
    return;
  }
  response.writeHead(200, { 'content-type': CONTENT_TYPE, 'cache-control': 'no-store' });
  response.flushHeaders();
  const write = (event: ReportedEvent) => response.write(`data: ${JSON.stringify(event)}\n\n`);
  if (request.url === WITH_STATES) response.write(`${STATES}${JSON.stringify(hub.heard())}\n\n`);
  // The states of many phones can be more than a reader may be behind; they count until they are taken.
  let allowed = MOST_BEHIND + response.writableLength;
  response.once('drain', () => {
    allowed = MOST_BEHIND;
  });
  const stop = hub.subscribe((event) => {
    write(event);
    if (response.writableLength > allowed) response.destroy();
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
  /** Knows what the other receiver knows of the phones. */
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
    const request: ClientRequest = get({ host: '127.0.0.1', port, path: WITH_STATES, timeout: ANSWER });
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
      const take = (line: string) => {
        if (line.startsWith(STATES)) {
          const heard: readonly HeardPhone[] = JSON.parse(line.slice(STATES.length));
          hub.adopt(heard.map((one) => named(one, phonebook)));
          resolve({ hub, ended, close: () => request.destroy() });
        }
        if (line.startsWith('data: ')) hub.publish(named(JSON.parse(line.slice('data: '.length)), phonebook));
      };
      response.setEncoding('utf8').on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) take(line);
      });
      const ended = new Promise<void>((end) => response.once('close', end));
      response.on('error', () => undefined).once('close', () => resolve(undefined));
    });
  });
}

/** The other receiver may know fewer phones than this program. */
function named<T extends ReportedEvent | HeardPhone>(one: T, phonebook: Phonebook): T {
  return { ...one, phone: phonebook.nameOf(one.values, one.source) };
}
