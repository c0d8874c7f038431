import type { ServerResponse } from 'node:http';
import { PAGE_HEADERS } from './page.ts';

/**
 * How far a page may fall behind before its connection is closed, in bytes. It then reconnects and gets everything
 * again.
 */
const MOST_BEHIND = 1024 * 1024;

/**
 * The heartbeat interval in milliseconds. A page that receives nothing for two intervals knows that the server is gone.
 */
export const BEAT = 10_000;

/** A stream of server-sent events to one page. */
export interface EventStream {
  /** @param value - becomes JSON */
  send(event: string, value: unknown): void;
}

/**
 * Starts a stream, with heartbeats while nothing else is sent.
 *
 * @param onEnd - called once, when the page has disconnected or is too far behind
 */
export function startEventStream(response: ServerResponse, onEnd: () => void): EventStream {
  response.writeHead(200, { ...PAGE_HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
  response.flushHeaders();
  // The first message can exceed the limit, so it does not count until the page has received it.
  let allowed = Number.POSITIVE_INFINITY;
  response.on('drain', () => {
    allowed = MOST_BEHIND;
  });
  const stream: EventStream = {
    send(event, value) {
      const taken = response.write(`event: ${event}\ndata: ${JSON.stringify(value)}\n\n`);
      if (taken) allowed = MOST_BEHIND;
      if (response.writableLength > allowed) response.destroy();
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
