import type { ServerResponse } from 'node:http';
import { PAGE_HEADERS } from './page.ts';
import { limitUnread } from './unread.ts';

/**
 * The heartbeat interval in milliseconds. A page that receives nothing for two intervals knows that the server is gone.
 */
export const BEAT = 10_000;

/** A server-sent event, with a value that becomes JSON. */
type Event = readonly [name: string, value: unknown];

/** A server-sent event as text. */
export function eventText(...[name, value]: Event): string {
  return `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`;
}

/** A stream of server-sent events to one page. */
export interface EventStream {
  send(...event: Event): void;
  /** Sends events that are a text already, so that many pages can share it. */
  write(events: string | Buffer): void;
}

/**
 * Starts a stream, with heartbeats while nothing else is sent. A page that falls too far behind is disconnected: it then
 * reconnects and gets everything again.
 *
 * @param first - events with everything that the page shows at first
 * @param onEnd - called once, when the page is disconnected
 */
export function startEventStream(
  response: ServerResponse,
  first: readonly (string | Buffer)[],
  onEnd: () => void,
): EventStream {
  response.writeHead(200, { ...PAGE_HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
  response.flushHeaders();
  for (const event of first) response.write(event);
  const write = limitUnread(response);
  const stream: EventStream = { send: (...event) => write(eventText(...event)), write };
  const timer = setInterval(() => stream.send('beat', null), BEAT);
  // An open page does not keep a listener alive that has otherwise ended.
  timer.unref();
  response.once('close', () => {
    clearInterval(timer);
    onEnd();
  });
  return stream;
}
