import type { ServerResponse } from 'node:http';
import { perProcess } from '../per-process.ts';
import type { Refusal } from './guard.ts';

/** How many bytes a client may leave unread, besides what it got at first. */
const MOST_BEHIND = 1024 * 1024;

/** How many all clients of this process may leave unread, first of what they got at first, then of the rest. */
const MOST_TOGETHER = 256 * 1024 * 1024;

/** Answers that are not read to their end, the oldest first, and how much of what came at first is unread. */
const open = perProcess('unread', () => new Map<ServerResponse, number>());

/**
 * Closes the connections of clients that do not read what they get, because the rest waits in memory. What a client
 * gets at first may be large, and is not counted as behind until it has been read once; when all clients together have
 * left too much of it unread, those that are furthest behind give way to this one.
 *
 * @returns writes more. What is written now does not count as unread: it may be much, and nobody could have read it
 */
export function limitUnread(response: ServerResponse): (more: string | Buffer) => void {
  giveWay(response.writableLength);
  open.set(response, response.writableLength);
  response.once('drain', () => open.has(response) && open.set(response, 0));
  response.once('close', () => open.delete(response));
  return (more) => {
    const most = (open.get(response) ?? 0) + Math.min(MOST_BEHIND, MOST_TOGETHER / open.size);
    if (response.writableLength > most) response.destroy();
    else response.write(more);
  };
}

function giveWay(more: number): void {
  const furthest = [...open.keys()].sort((one, other) => other.writableLength - one.writableLength);
  let unread = furthest.reduce((sum, { writableLength }) => sum + writableLength, more);
  for (const response of furthest) {
    if (unread <= MOST_TOGETHER) return;
    unread -= response.writableLength;
    open.delete(response);
    response.destroy();
  }
}

/** Refuses to prepare a page for a client that has not read the one before, which no browser asks for. */
export function refusalAhead({ socket }: ServerResponse): Refusal | undefined {
  // Node gives a connection to one answer after the other.
  return socket === null ? { status: 429, reason: 'the answer before it has not been read' } : undefined;
}
