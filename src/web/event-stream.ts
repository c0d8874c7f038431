import type { ServerResponse } from 'node:http';
import { PAGE_HEADERS } from './page.ts';

/** What a page may be behind before its connection is closed, in bytes; it connects again and gets all anew. */
const MOST_BEHIND = 1024 * 1024;

/** A page that hears nothing for longer than two of these knows that nobody is there any more, in milliseconds. */
export const BEAT = 10_000;

/** A stream of server-sent events to one page. */
export interface EventStream {
  /** @param value - becomes JSON */
  send(event: string, value: unknown): void;
}

/**
 * Begins a stream, which beats while nothing else happens.
 *
 * @param onEnd - called once, when the page is gone or too far behind
 */
export function startEventStream(response: ServerResponse, onEnd: () => void): EventStream {
  response.writeHead(200, { ...PAGE_HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
  response.flushHeaders();
  // What is sent first can be more than a page may be behind; it counts until it is taken.
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
  // A page that is left open keeps no listener alive that has ended otherwise.
  timer.unref();
  response.once('close', () => {
    clearInterval(timer);
    onEnd();
  });
  return stream;
}
