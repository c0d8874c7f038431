import type { ServerResponse } from 'node:http';
import { visibleLines } from '../errors/visible.ts';

/** A response, or none: the connection is closed, left open without a response, or used for a stream. */
export type PhoneReply =
  | {
      readonly status: number;
      readonly body: string;
      readonly type?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | 'close'
  | 'hang'
  | 'streamed';

export function html(body: string, status = 200): PhoneReply {
  return { status, body, type: 'text/html' };
}

export function text(status: number, body: string): PhoneReply & object {
  return { status, body: `${body}\n` };
}

/** It is read with curl, so no character in it can affect a terminal, as in the JSON of the command line. */
export function json(value: unknown): PhoneReply {
  const body = visibleLines(JSON.stringify(value, null, 2));
  return { status: 200, body: `${body}\n`, type: 'application/json' };
}

export function send(res: ServerResponse, reply: PhoneReply): void {
  if (reply === 'hang' || reply === 'streamed') return;
  if (reply === 'close') {
    res.socket?.destroy();
    return;
  }
  const { status, body, type = 'text/plain; charset=utf-8', headers } = reply;
  res.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
    ...headers,
  });
  res.end(body);
}

/** Resolves early if the connection closes, so that nothing waits to send a response nobody will read. */
export function delay(ms: number, res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    res.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
