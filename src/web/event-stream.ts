import type { ServerResponse } from 'node:http';
import { PAGE_HEADERS } from './page.ts';
import { limitUnread } from './unread.ts';

/**
 * The heartbeat interval in milliseconds. A page that receives nothing for two intervals knows that the server is gone.
 */
export const BEAT = 10_000;

/** A server-sent event, with a value that becomes JSON. */
type Event = readonly [name: string, value: unknown];

/** A stream of server-sent events to one page. */
export interface EventStream {
  send(...event: Event): void;
}

/**
 * Starts a stream, with heartbeats while nothing else is sent. A page that falls too far behind is disconnected: it then
 * reconnects and gets everything again.
 *
 * @param first - everything that the page shows at first
 * @param onEnd - called once, when the page is disconnected
 */
export function startEventStream(response: ServerResponse, first: Event, onEnd: () => void): EventStream {
  response.writeHead(200, { ...PAGE_HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
  response.flushHeaders();
  const write = (...[name, value]: Event) =>
    response.write(`event: ${name}\ndata: ${JSON.stringify(value)}\n\n`);
  write(...first);
  const checkUnread = limitUnread(response);
  const stream: EventStream = {
    send(...event) {
      write(...event);
      checkUnread();
    },
  };
  const timer = setInterval(() => stream.send('beat', null), BEAT);
  // An open page does not keep a listener alive that has otherwise ended.
  timer.unref();
  response.once('close', () => {
    clearInterval(timer);
    onEnd();
  });
  return stream;
}
