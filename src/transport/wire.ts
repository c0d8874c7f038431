import type { Socket } from 'node:net';

/** The maximum size of a response. */
export const MOST_BYTES = 64 * 1024;

/**
 * Observes what really happens on the socket of one request, independently of undici: its errors do not tell whether
 * the request was sent, and its strict parser rejects a phone of 2017 with LF line endings, which did respond.
 */
export class Wire {
  #socket: Socket | undefined;
  #writtenBefore = 0;
  #received = '';

  /** Observes a connected socket, before the request is written to it. */
  watch(socket: Socket): void {
    this.#socket = socket;
    this.#writtenBefore = socket.bytesWritten;
    // Paused first, so that adding the listener does not start the stream: undici reads it, and every read is seen
    // here.
    socket.pause();
    socket.on('data', (chunk: Buffer) => {
      const room = MOST_BYTES - this.#received.length;
      if (room > 0) this.#received += chunk.toString('latin1', 0, room);
    });
  }

  /** Whether any byte of the request was written to the connected socket. From then on, keys may have been pressed. */
  get requestLeft(): boolean {
    return this.#socket !== undefined && this.#socket.bytesWritten > this.#writtenBefore;
  }

  /** The response, once its status line is complete. Even if the rest is malformed, the phone has responded. */
  get answer(): RawAnswer | undefined {
    return parseAnswer(this.#received);
  }
}

/** An unparsed response: the status, the header lines, and the rest. */
export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly rest: string;
}

/** Parses the first final (not 1xx) response, with CRLF or LF line endings, and `HTTP` in any case. */
export function parseAnswer(received: string): RawAnswer | undefined {
  const line = /^[\r\n]*HTTP\/\d(?:\.\d)? +(\d{3})(?: [^\n]*|\r)?\n/i.exec(received);
  if (line?.[1] === undefined) return undefined;
  const status = Number(line[1]);
  const end = /\r?\n\r?\n/.exec(received);
  const head = end === null ? received : received.slice(0, end.index);
  const rest = end === null ? '' : received.slice(end.index + end[0].length);
  return status < 200 ? parseAnswer(rest) : { status, head, rest };
}

/**
 * A body without the sizes of its chunks, as far as it has some: the parser leaves them in an answer that it gave up.
 */
export function fromChunks(rest: string): string {
  const size = /(?:\r?\n)?([\da-f]{1,8})[ \t]*(?:;[^\n]*)?\r?\n/iy;
  let body = '';
  for (let at = 0; ; ) {
    size.lastIndex = at;
    const [line, digits = ''] = size.exec(rest) ?? [];
    if (line === undefined) return body + rest.slice(at);
    const begin = at + line.length;
    at = begin + Number.parseInt(digits, 16);
    body += rest.slice(begin, at);
  }
}

/** All values of a header, in order. */
export function headerValues(head: string, name: string): readonly string[] {
  return head
    .split(/\r?\n/)
    .slice(1)
    .filter((line) => line.toLowerCase().startsWith(`${name}:`))
    .map((line) => line.slice(name.length + 1).trim());
}
