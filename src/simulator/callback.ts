import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { lookUpOnce } from '../lookup.ts';
import type { Template } from './template.ts';

/** Only the start of the status line is read; the rest of the response, however long, is ignored. */
const STATUS_LINE = 'HTTP/1.0 200'.length;

/**
 * Sends one request on its own connection and waits until the listener has responded and closed it, as in HTTP/1.0. It
 * uses a socket because phones send values unescaped, which no HTTP client allows.
 *
 * @param limit - the timeout in milliseconds
 * @param settled - called once, with what went wrong
 * @returns a function that aborts it
 */
export function callBack(
  listener: Pick<Template, 'secure' | 'host' | 'port'>,
  request: string,
  limit: number,
  settled: (failure: string | undefined) => void,
): () => void {
  const socket = open(listener);
  let answer = '';
  let failure = 'closed without an answer';
  const timer = setTimeout(() => {
    failure = 'no answer in time';
    socket.destroy();
  }, limit);
  socket.on('data', (chunk: Buffer) => {
    if (answer.length < STATUS_LINE) answer += chunk.toString('latin1', 0, STATUS_LINE);
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    failure = error.code ?? error.message;
  });
  socket.once('close', () => {
    clearTimeout(timer);
    settled(judge(answer.slice(0, STATUS_LINE)) ?? (answer === '' ? failure : undefined));
  });
  socket.write(request);
  return () => socket.destroy();
}

/**
 * Whether a phone verifies a listener's certificate is not documented. Our choice: it accepts any, as its own page
 * does.
 */
function open({ secure, host, port }: Pick<Template, 'secure' | 'host' | 'port'>): Socket {
  if (!secure) return connect({ host, port, lookup: lookUpOnce });
  const name = isIP(host) === 0 ? { servername: host } : {};
  return connectTls({ host, port, rejectUnauthorized: false, lookup: lookUpOnce, ...name });
}

/** What is wrong with a response; undefined if nothing is, or if there was none. */
function judge(answer: string): string | undefined {
  if (answer === '' || /^HTTP\/1\.[01] 2\d\d$/.test(answer)) return undefined;
  const status = /^HTTP\/1\.[01] (\d{3})$/.exec(answer)?.[1];
  return status === undefined ? 'no HTTP' : `answered ${status}`;
}
