import { type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { endSoon } from './connections.ts';
import { type RefusalReason, refusalRow } from './refusal.ts';

/** An error of Node's HTTP parser. */
interface ClientError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
}

/**
 * Answers an unparsable request and soon closes the connection, which its sender might keep open for ever.
 *
 * @param heldBy - the bytes of an unfinished head
 * @param refuse - called with the reason, and with the request target as far as it is readable
 */
export function answerClientErrors(
  server: Server,
  heldBy: (socket: Socket) => string,
  refuse: (reason: RefusalReason, socket: Socket, target: string) => void,
): void {
  server.on('clientError', (error: ClientError, socket: Socket) => {
    const reason = reasonOf(error);
    // The connection sent nothing, was merely closed, or has its response already.
    if (reason === undefined || socket.bytesRead === 0 || !socket.writable) return socket.destroy();
    const sent = heldBy(socket) || (error.rawPacket?.toString('latin1') ?? '');
    refuse(reason, socket, /^GET[ \t]+(\S*)/i.exec(sent)?.[1] ?? '');
    return refuseOn(socket, reason);
  });
  server.on('tlsClientError', (error: ClientError, socket: Socket) => {
    if (error.code !== 'ECONNRESET') refuse('tls', socket, '');
  });
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
