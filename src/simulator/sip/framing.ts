import { headersOf, LONGEST_HEAD } from './message.ts';

/** A longer body would not fit into a datagram either. */
const LONGEST_BODY = 65_535;

/** The first message of a stream, and what follows it. */
export interface Framed {
  readonly message: string;
  readonly rest: Buffer;
}

/**
 * Takes the first message from a stream, where each is as long as its Content-Length says (RFC 3261, 18.3). It is
 * `broken` where nobody can tell how long a message is, or where it is longer than any should be: then nothing that
 * follows can be read.
 */
export function firstMessage(data: Buffer): Framed | 'incomplete' | 'broken' {
  let begin = 0;
  while (data[begin] === 13 || data[begin] === 10) begin += 1;
  const head = data.indexOf('\r\n\r\n', begin);
  if ((head < 0 ? data.length : head) - begin > LONGEST_HEAD) return 'broken';
  if (head < 0) return 'incomplete';
  const length = lengthOf(data.toString('latin1', begin, head));
  if (length === undefined) return 'broken';
  const end = head + 4 + length;
  if (data.length < end) return 'incomplete';
  return { message: data.toString('utf8', begin, end), rest: data.subarray(end) };
}

/** Without a Content-Length there is no body; undefined where it is no length, or where there are several. */
function lengthOf(head: string): number | undefined {
  const given = new Set(headersOf(head, 'content-length', 'l'));
  const [length = '0'] = given;
  if (given.size > 1 || !/^\d{1,6}$/.test(length)) return undefined;
  return Number(length) <= LONGEST_BODY ? Number(length) : undefined;
}
