import type { IncomingMessage } from 'node:http';
import { onAbort } from '../../../abort.ts';
import { type Complain, queueSink, type Sink } from './sink.ts';

/** The other side has this long to take an event and answer, in milliseconds. */
const WITHIN = 5000;

/** What is read of an answer, so that its sender sees no reset, in bytes and milliseconds: only the status counts. */
const [MOST_BODY, LONGEST_BODY] = [64 * 1024, 200];

/**
 * Posts every event as JSON. Redirects are not followed, nothing is tried again.
 *
 * @param within - milliseconds from the connection to the status
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
      // Who answered has taken it or not, whatever happens to the rest of the answer.
      post.on('error', (error) => (status === undefined ? reject(error) : undefined));
      post.on('close', () => {
        forget();
        if (status === undefined) reject(new Error('the connection was closed without an answer'));
        else if (status >= 200 && status < 300) resolve();
        else reject(new Error(`it answered ${status}`));
      });
      post.end(body);
    });
  });
}

/** Reads an answer to its end, but no more of it than a little: an endless one would keep its connection. */
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
