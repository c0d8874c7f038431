import type { IncomingMessage } from 'node:http';
import { onAbort } from '../../../abort.ts';
import { type Complain, queueSink, type Sink } from './sink.ts';

/** The timeout for accepting an event and responding, in milliseconds. */
const WITHIN = 5000;

/**
 * How much of a response is read, in bytes and milliseconds, so that the server sees no reset: only the status matters.
 */
const [MOST_BODY, LONGEST_BODY] = [64 * 1024, 200];

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
      const post = request(url, { method: 'POST', headers, agent: false });
      const forget = onAbort(ended, () => post.destroy(ended.reason));
      let status: number | undefined;
      post.on('response', (response) => {
        status = response.statusCode ?? 0;
        readLittle(response);
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

/** Reads a response, but only a little of it: an endless one would keep its connection. */
function readLittle(response: IncomingMessage): void {
  let read = 0;
  const close = () => response.destroy();
  const timer = setTimeout(close, LONGEST_BODY);
  response
    .on('error', () => undefined)
    .on('close', () => clearTimeout(timer))
    .on('data', ({ length }: Buffer) => {
      read += length;
      if (read > MOST_BODY) close();
    });
}
