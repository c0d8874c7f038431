import type { IncomingMessage } from 'node:http';
import { onAbort } from '../../../abort.ts';
import { lookUpOnce } from '../../../lookup.ts';
import { type Complain, queueSink, type Sink } from './sink.ts';

/** The timeout for accepting an event and responding, in milliseconds. */
const WITHIN = 5000;

/** How much is read of all that a server sends, in bytes, also before the status: promises (100) may have no end. */
const MOST = 64 * 1024;

/** How long a response is read, in milliseconds, so that the server sees no reset: only the status matters. */
const LONGEST_BODY = 200;

/**
 * Posts every event as JSON, without following redirects or retrying.
 *
 * @param within - the timeout from connecting to the status in milliseconds
 */
export async function webhookSink(url: string, complain: Complain, within = WITHIN): Promise<Sink> {
  const { request } = url.startsWith('https:') ? await import('node:https') : await import('node:http');
  return queueSink('--webhook', within, complain, ({ json: body }, ended) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const post = request(url, { method: 'POST', headers, agent: false, lookup: lookUpOnce });
      const forget = onAbort(ended, () => post.destroy(ended.reason));
      let status: number | undefined;
      let read = 0;
      post.on('socket', (socket) =>
        socket.on('data', ({ length }: Buffer) => {
          read += length;
          if (read > MOST) post.destroy(new Error('it sent too much, and no status'));
        }),
      );
      post.on('response', (response) => {
        status = response.statusCode ?? 0;
        readShortly(response);
      });
      // The status decides, whatever happens to the rest of the response.
      post.on('error', (error) => (status === undefined ? reject(error) : undefined));
      post.on('close', () => {
        forget();
        if (status === undefined) reject(new Error('the connection was closed without a response'));
        else if (status >= 200 && status < 300) resolve();
        else reject(new Error(`it answered ${status}`));
      });
      post.end(body);
    });
  });
}

/** Reads a response, but not for long: one that trickles would keep its connection. */
function readShortly(response: IncomingMessage): void {
  const timer = setTimeout(() => response.destroy(), LONGEST_BODY);
  response
    .on('error', () => undefined)
    .on('close', () => clearTimeout(timer))
    .resume();
}
