import type { IncomingMessage } from 'node:http';

/** More header fields than any phone, proxy or browser sends. Thousands would take much memory for each connection. */
export const MOST_FIELDS = 200;

/** Whether a request has so many header fields that Node, without a word, may have dropped those that follow. */
export function hasTooManyFields({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): boolean {
  // A name and a value each.
  return rawHeaders.length >= 2 * MOST_FIELDS;
}
