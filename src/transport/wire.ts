import type { Socket } from 'node:net';

/** As much of an answer as is ever kept; what follows is not read. */
export const MOST_BYTES = 64 * 1024;

/**
 * What really happened on the socket of one request, seen beside undici. Its parser is strict and its errors do not
 * tell whether the request had left; a phone of 2017 with LF line ends has answered all the same.
 */
export class Wire {
  #socket: Socket | undefined;
  #writtenBefore = 0;
  #received = '';

  /** Starts watching a connected socket, before the request is written to it. */
  watch(socket: Socket): void {
    this.#socket = socket;
    this.#writtenBefore = socket.bytesWritten;
    // Paused first, so that listening does not make the stream flow: undici reads it, and each read is seen here.
    socket.pause();
    socket.on('data', (chunk: Buffer) => {
      const room = MOST_BYTES - this.#received.length;
      if (room > 0) this.#received += chunk.toString('latin1', 0, room);
    });
  }

  /** Whether any of the request was written to the connected socket; from then on, keys may have been pressed. */
  get requestLeft(): boolean {
    return this.#socket !== undefined && this.#socket.bytesWritten > this.#writtenBefore;
  }

  /** The answer, once its status line is whole; whatever is wrong with the rest, the phone has answered. */
  get answer(): RawAnswer | undefined {
    return parseAnswer(this.#received);
  }
}

/** An answer as it came: the status, the header lines, and what follows them, undecoded. */
export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly rest: string;
}

/** Reads the first answer that is not an interim one (1xx); CRLF or LF line ends, any case of `HTTP`. */
export function parseAnswer(received: string): RawAnswer | undefined {
  const line = /^[\r\n]*HTTP\/\d(?:\.\d)? +(\d{3})(?: [^\n]*|\r)?\n/i.exec(received);
  if (line?.[1] === undefined) return undefined;
  const status = Number(line[1]);
  const end = /\r?\n\r?\n/.exec(received);
  const head = end === null ? received : received.slice(0, end.index);
  const rest = end === null ? '' : received.slice(end.index + end[0].length);
  return status < 200 ? parseAnswer(rest) : { status, head, rest };
}

/** The values of a header in a raw head, in order. */
export function headerValues(head: string, name: string): readonly string[] {
  return head
    .split(/\r?\n/)
    .slice(1)
    .filter((line) => line.toLowerCase().startsWith(`${name}:`))
    .map((line) => line.slice(name.length + 1).trim());
}
