import { type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { onceRead } from '../once-read.ts';
import { endSoon } from './connections.ts';
import type { Heads } from './head-repair.ts';
import { isOver } from './late-requests.ts';
import { type RefusalReason, refusalRow } from './refusal.ts';
import { addressOf } from './source.ts';

/** The time limit for a request head, in milliseconds; phones need far less. */
export const SLOWEST_HEAD = 5000;

/** An error of Node's HTTP parser. */
interface ClientError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
}

/**
 * Answers an unparsable request and soon closes the connection, which its sender might keep open for ever. Tells of one
 * that was begun on a connection that is closed or reset, too: a phone may have reported something.
 *
 * @param connected - the event of a new connection
 * @param heads - what came of the head of a connection
 * @param refuse - called with the reason, the address, and the request target as far as it is readable
 */
export function answerClientErrors(
  server: Server,
  connected: 'connection' | 'secureConnection',
  heads: Heads,
  refuse: (reason: RefusalReason, source: string, target: string) => void,
): void {
  const told = new WeakSet<Socket>();
  server.on(connected, (socket: Socket) => {
    // It has none any more when it is closed.
    const source = addressOf(socket);
    socket.once('close', () => {
      if (isOver(socket) || !server.listening || told.has(socket)) return;
      const begun = heads.unended(socket);
      // What waited for its turn was not read.
      if (begun !== '' || heads.waits(socket)) refuse('cut-short', source, targetOf(begun));
    });
  });
  // A kept connection ends when nothing comes on it for a while, but not while more of it waits to be read.
  server.on('timeout', (socket: Socket) => {
    const { bytesRead } = socket;
    onceRead(() => {
      if (heads.waits(socket)) socket.setTimeout(SLOWEST_HEAD);
      else if (socket.bytesRead === bytesRead) socket.destroy();
    });
  });
  const refuseIt = (error: ClientError, socket: Socket) => {
    const reason = reasonOf(error);
    // The connection sent nothing, was merely closed, or has its response already.
    if (reason === undefined || socket.bytesRead === 0 || !socket.writable) return socket.destroy();
    told.add(socket);
    refuse(
      reason,
      addressOf(socket),
      targetOf(heads.held(socket) || (error.rawPacket?.toString('latin1') ?? '')),
    );
    return refuseOn(socket, reason);
  };
  /** What has come may wait for its turn: that is not the sender's fault. */
  const judgeLate = (error: ClientError, socket: Socket) => {
    const again = () => onceRead(() => judgeLate(error, socket));
    if (heads.waits(socket)) setTimeout(again, SLOWEST_HEAD).unref();
    else if (!heads.isBegun(socket) || heads.held(socket) !== '') refuseIt(error, socket);
  };
  server.on('clientError', (error: ClientError, socket: Socket) => {
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') onceRead(() => judgeLate(error, socket));
    else refuseIt(error, socket);
  });
  server.on('tlsClientError', (error: ClientError, socket: Socket) => {
    if (error.code !== 'ECONNRESET') refuse('tls', addressOf(socket), '');
  });
}

function targetOf(head: string): string {
  return /^GET[ \t]+(\S*)/i.exec(head)?.[1] ?? '';
}

/** Answers on a connection that Node has given up, with its limits and its listeners, and soon closes it. */
export function refuseOn(socket: Duplex, reason: RefusalReason): void {
  const { status } = refusalRow({ refused: reason });
  // A reset that nobody listens for would end the process.
  socket.on('error', () => undefined);
  endSoon(socket);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
}

function reasonOf({ code = '' }: ClientError): RefusalReason | undefined {
  if (code === 'HPE_HEADER_OVERFLOW') return 'too-long';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT' || code === 'HPE_INVALID_EOF_STATE') return 'cut-short';
  if (code === 'HPE_CLOSED_CONNECTION') return 'late';
  return code.startsWith('HPE_') ? 'not-http' : undefined;
}
