import type { Socket } from 'node:net';
import { type RawServer, rawServer } from '../support/raw-server.ts';

/** A request to a page that a test plays by hand. */
export interface PageRequest {
  readonly method: string;
  readonly command: string;
  readonly head: string;
  readonly form: string;
}

/** The whole answer, or none: the connection is closed. */
export type Answer = (request: PageRequest) => string | undefined;

/** A server that answers whole requests, forms too, and remembers them. */
export async function pageServer(answer: Answer): Promise<{ server: RawServer; requests: PageRequest[] }> {
  const requests: PageRequest[] = [];
  const server = await rawServer((socket, begun) => {
    let text = begun;
    const check = () => {
      const request = readRequest(text);
      if (request === undefined) return;
      requests.push(request);
      end(socket, answer(request));
    };
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8');
      check();
    });
    check();
  });
  return { server, requests };
}

function readRequest(text: string): PageRequest | undefined {
  const [head = '', form = ''] = text.split('\r\n\r\n');
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
  if (Buffer.byteLength(form) < length) return undefined;
  const [, method = '', command = ''] = /^(\w+) \S+\?(\S+) HTTP/.exec(head) ?? [];
  return { method, command, head, form };
}

function end(socket: Socket, answer: string | undefined): void {
  if (answer === undefined) socket.destroy();
  else socket.end(answer);
}

/** As a phone of 2017 answers: HTTP/1.0, line feeds alone, no length. */
export function old(body: string, status = 200, headers = ''): string {
  return `HTTP/1.0 ${status} X\n${headers}Content-Type: text/html\n\n${body}`;
}
