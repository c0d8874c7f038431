import { textOf } from './bytes.ts';
import { headersOf, LONGEST_HEAD } from './message.ts';

/** A longer body would not fit into a datagram either. */
const LONGEST_BODY = 65_535;

/** The first message of a stream, undefined as long as it is incomplete, and what is to be kept of the stream. */
export interface Framed {
  readonly message: string | undefined;
  readonly rest: Buffer;
}

/**
 * Takes the first message from a stream, where each is as long as its Content-Length says (RFC 3261, 18.3), and the line
 * breaks before it, which only keep a connection alive: of those, nothing is kept. It is `broken` where nobody can tell
 * how long a message is, or where it is longer than any should be: then nothing that follows can be read.
 */
export function firstMessage(stream: Buffer): Framed | 'broken' {
  const data = withoutBreaks(stream);
  const head = data.indexOf('\r\n\r\n');
  if ((head < 0 ? data.length : head) > LONGEST_HEAD) return 'broken';
  if (head < 0) return { message: undefined, rest: data };
  const length = lengthOf(data.toString('latin1', 0, head));
  if (length === undefined) return 'broken';
  const end = head + 4 + length;
  if (data.length < end) return { message: undefined, rest: data };
  return { message: textOf(data.subarray(0, end)), rest: data.subarray(end) };
}

function withoutBreaks(data: Buffer): Buffer {
  const begin = data.findIndex((byte) => byte !== 13 && byte !== 10);
  return data.subarray(begin < 0 ? data.length : begin);
}

/** Without a Content-Length there is no body; undefined where it is no length, or where there are several. */
function lengthOf(head: string): number | undefined {
  const given = new Set(headersOf(head, 'content-length', 'l'));
  const [length = '0'] = given;
  if (given.size > 1 || !/^\d{1,6}$/.test(length)) return undefined;
  return Number(length) <= LONGEST_BODY ? Number(length) : undefined;
}
