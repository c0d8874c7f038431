import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { LOCAL } from './handler.ts';
import type { EventHub } from './hub.ts';
import { isProof, proofOf } from './same-user.ts';
import { isLoopbackAddress, unmapped } from './source.ts';
import { type StreamLine, streamLine } from './stream-line.ts';

/** The path of the event stream for other programs of the same user. */
export const STREAM_PATH = `${LOCAL}events`;

/** The header in which each side proves that it knows the secret: the reader `<nonce> <proof>`, the listener its own. */
export const PROOF = 'atcom-proof';

/** No line is longer, in characters: a URL has its limit, and JSON writes a letter with six at most. */
export const LONGEST_LINE = 512 * 1024;

/** How many unread bytes a reader may accumulate before its connection is closed. */
const MOST_BEHIND = 1024 * 1024;

/**
 * Serves the stream to programs on this computer that know the user's secret, and not to web pages,
 * which do not. Nothing is sent before that is proven.
 *
 * @param keep - called with each connection that stays open
 */
export function newLocalStream(hub: EventHub, secret: string, keep: (socket: Socket) => void) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const { socket, url, headers } = request;
    const [nonce = '', proof = ''] = [headers[PROOF] ?? ''].flat().join().split(' ');
    const address = endOf(socket.localAddress, socket.localPort);
    if (url !== STREAM_PATH || !isOwn(socket) || nonce === '') return false;
    if (!isProof(proof, proofOf(secret, 'reader', address, nonce))) return false;
    keep(socket);
    response.writeHead(200, {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      [PROOF]: proofOf(secret, 'listener', address, nonce),
    });
    response.flushHeaders();
    serve(hub, response);
    return true;
  };
}

function serve(hub: EventHub, response: ServerResponse): void {
  const write = (line: StreamLine) => {
    const text = streamLine(line);
    if (text.length <= LONGEST_LINE) response.write(text);
  };
  for (const of of hub.heard()) write({ kind: 'state', of });
  for (const of of hub.sightings()) write({ kind: 'sighting', of });
  write({ kind: 'live' });
  // The initial states of many phones can exceed the limit for unread bytes, so they are not counted.
  let allowed = MOST_BEHIND + response.writableLength;
  response.once('drain', () => {
    allowed = MOST_BEHIND;
  });
  const tell = (line: StreamLine) => {
    write(line);
    if (response.writableLength > allowed) response.destroy();
  };
  const stops = [
    hub.subscribe((of) => tell({ kind: 'event', of })),
    hub.onRefusal((of) => tell({ kind: 'refused', of })),
  ];
  response.on('close', () => {
    for (const stop of stops) stop();
  });
}

/** One end of a connection, as both sides see it. */
export function endOf(address = '', port = 0): string {
  return `${unmapped(address).split('%', 1)[0]} ${port}`;
}

/** Whether both ends are on this computer, which gives its own address to what it sends to itself. */
function isOwn({ localAddress = '', remoteAddress = '' }: Socket): boolean {
  return isLoopbackAddress(remoteAddress) || remoteAddress === localAddress;
}
