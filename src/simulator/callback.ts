import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Template } from './template.ts';

/** The begin of a status line is all that is read of an answer; the rest of it, endless or not, is let pass. */
const STATUS_LINE = 'HTTP/1.0 200'.length;

/**
 * Sends one request on a connection of its own and waits until the listener has answered and closed it, as HTTP/1.0
 * has it. A socket and no HTTP client, because a phone sends values as they are, which no client lets through.
 *
 * @param limit - milliseconds for all of it
 * @param settled - called once, with what went wrong
 * @returns ends it at once
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

/** Whether a phone looks at the certificate of a listener is not documented; our choice is any, as on its own page. */
function open({ secure, host, port }: Pick<Template, 'secure' | 'host' | 'port'>): Socket {
  if (!secure) return connect({ host, port });
  const name = isIP(host) === 0 ? { servername: host } : {};
  return connectTls({ host, port, rejectUnauthorized: false, ...name });
}

/** What is wrong with an answer; nothing with none at all. */
function judge(answer: string): string | undefined {
  if (answer === '' || /^HTTP\/1\.[01] 2\d\d$/.test(answer)) return undefined;
  const status = /^HTTP\/1\.[01] (\d{3})$/.exec(answer)?.[1];
  return status === undefined ? 'no HTTP' : `answered ${status}`;
}
