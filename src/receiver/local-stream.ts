import { type ClientRequest, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ReportedEvent } from './event.ts';
import { EventHub } from './hub.ts';
import type { Phonebook } from './phonebook.ts';

/** Where a receiver offers its events to other programs of this computer. */
export const STREAM_PATH = '/_atcom/events';

/** How the stream of an atcom receiver is told from any other server on the port. */
const CONTENT_TYPE = 'text/event-stream; atcom=1';

/** Asks for the events that are still kept, before those that come. */
const WITH_HISTORY = `${STREAM_PATH}?history`;

/** Ends them. */
const LIVE = ': live';

/** What a reader may be behind before its connection is closed, in bytes. */
const MOST_BEHIND = 1024 * 1024;

/** Serves the stream, on loopback only, and only to requests for a loopback host: no web page gets at it by a name. */
export function serveLocally(request: IncomingMessage, response: ServerResponse, hub: EventHub): void {
  const { remoteAddress = '' } = request.socket;
  const local = isLoopback(remoteAddress) && isLoopback(hostOf(request.headers.host));
  if (!local || (request.url !== STREAM_PATH && request.url !== WITH_HISTORY)) {
    response.writeHead(local ? 404 : 403, { 'content-length': 0 }).end();
    return;
  }
  response.writeHead(200, { 'content-type': CONTENT_TYPE, 'cache-control': 'no-store' });
  response.flushHeaders();
  const write = (event: ReportedEvent) => response.write(`data: ${JSON.stringify(event)}\n\n`);
  if (request.url === WITH_HISTORY) {
    for (const event of hub.since(0)) write(event);
    response.write(`${LIVE}\n\n`);
  }
  // What was kept can be more than a reader may be behind; it counts until it is taken.
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
  readonly hub: EventHub;
  /** What was reported before, oldest first, as far as the other receiver kept it. */
  readonly history: readonly ReportedEvent[];
  /** Settles when the other receiver ends. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Time for the other receiver to answer, in milliseconds. */
const ANSWER = 2000;

/** Attaches to the receiver on a port of this computer; undefined when what listens there is none. */
export function attach(port: number, phonebook: Phonebook): Promise<Attachment | undefined> {
  return new Promise((resolve) => {
    const request: ClientRequest = get({ host: '127.0.0.1', port, path: WITH_HISTORY, timeout: ANSWER });
    request.on('error', () => resolve(undefined)).on('timeout', () => request.destroy());
    request.on('response', (response) => {
      if (response.headers['content-type'] !== CONTENT_TYPE) {
        request.destroy();
        resolve(undefined);
        return;
      }
      request.setTimeout(0);
      const hub = new EventHub();
      const history: ReportedEvent[] = [];
      let live = false;
      let rest = '';
      const take = (line: string) => {
        if (line === LIVE) {
          live = true;
          resolve({ hub, history, ended, close: () => request.destroy() });
        }
        if (!line.startsWith('data: ')) return;
        const event = named(JSON.parse(line.slice('data: '.length)), phonebook);
        if (live) hub.publish(event);
        else history.push(event);
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
function named(event: ReportedEvent, phonebook: Phonebook): ReportedEvent {
  return { ...event, phone: phonebook.nameOf(event.values, event.source) };
}
