import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { inPieces } from '../web/pieces.ts';
import { limitUnread } from '../web/unread.ts';
import { LOCAL } from './handler.ts';
import type { EventHub } from './hub.ts';
import {
  COMPUTER,
  isProof,
  type Meeting,
  network,
  newNonce,
  proofOf,
  proofOfRules,
  proofOfToken,
} from './same-user.ts';
import { isLoopbackAddress, unmapped } from './source.ts';
import { type StreamLine, streamLine } from './stream-line.ts';

/** The path of the event stream for other programs of the same user. */
export const STREAM_PATH = `${LOCAL}events`;

/** The path at which they ask for a line of that stream, behind all that has reached the listener by then. */
export const SETTLED_PATH = `${LOCAL}settled`;

/**
 * The header of the two requests that a reader makes on one connection: its nonce, answered by 401 with `<nonce> <proof>`
 * of the listener, then its own proof.
 */
export const PROOF = 'atcom-proof';

/** The header that tells the address to which the listener is bound. */
export const BOUND = 'atcom-bound';

/** The header that proves which token events must have at the listener; without one, there is none. */
export const REQUIRED = 'atcom-token';

/** The header that proves by which rules the listener reads what phones report. */
export const RULES = 'atcom-rules';

/** The header in which both sides tell the form of the stream that they know. */
export const FORM = 'atcom-form';

/** Another one for every change of the lines or the proofs: programs of two versions meet wherever a listener survives an upgrade. */
export const STREAM_FORM = '5';

interface StreamOptions {
  readonly secret: string;
  readonly token?: string | undefined;
  readonly rules: string;
}

/**
 * Serves the stream to programs on this computer that know the user's secret, and not to web pages,
 * which do not. Nothing is sent before that is proven.
 *
 * @param token - what events must have to be taken
 * @param rules - how they are read
 * @param bound - the address to which the listener is bound
 * @param keep - called with each connection that stays open
 */
export function newLocalStream(
  hub: EventHub,
  { secret, token, rules }: StreamOptions,
  bound: () => string,
  keep: (socket: Socket) => void,
) {
  /** Those that were met, and are to prove themselves with their next request. */
  const met = new WeakMap<Socket, Meeting & { readonly nonce: string }>();
  const readers = new Set<Tell>();
  const required = {
    [RULES]: proofOfRules(secret, rules),
    ...(token === undefined ? {} : { [REQUIRED]: proofOfToken(secret, token) }),
  };
  const tellSettled = async (of: string) => {
    if (!(await hub.settled())) return;
    for (const tell of readers) tell({ kind: 'settled', of });
  };
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const { socket, url, headers } = request;
    if ((url !== STREAM_PATH && url !== SETTLED_PATH) || !isOwn(socket)) return false;
    const said = [headers[PROOF] ?? ''].flat().join();
    const meeting = met.get(socket);
    met.delete(socket);
    if (meeting === undefined) {
      if (!NONCE.test(said)) return false;
      const nonce = newNonce();
      const fresh = { ends: endsOf(socket, 'listener'), nonces: `${said} ${nonce}`, nonce: said };
      met.set(socket, fresh);
      const proof = `${nonce} ${proofOf(secret, 'listener', fresh)}`;
      response.writeHead(401, { 'content-length': 0, [PROOF]: proof }).end();
      return true;
    }
    if (!isProof(said, proofOf(secret, 'reader', meeting))) return false;
    if (url === SETTLED_PATH) {
      response.writeHead(200, { 'content-length': 0 }).end();
      void tellSettled(meeting.nonce);
      return true;
    }
    keep(socket);
    response.writeHead(200, {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      [BOUND]: bound(),
      [FORM]: STREAM_FORM,
      ...required,
    });
    response.flushHeaders();
    serve(hub, response, readers, headers[FORM] === STREAM_FORM);
    return true;
  };
}

/** What a nonce looks like. */
export const NONCE = /^[0-9a-f]{32}$/;

type Tell = (line: StreamLine) => void;

/** @param knows - whether the reader is of this version; another one would leave at a line that it does not know */
function serve(hub: EventHub, response: ServerResponse, readers: Set<Tell>, knows: boolean): void {
  const known: readonly StreamLine[] = [
    ...hub.told().map((of) => ({ kind: 'state', of }) as const),
    ...hub.sightings().map((of) => ({ kind: 'sighting', of }) as const),
    { kind: 'live' },
  ];
  for (const piece of inPieces(known.map((line) => streamLine(line) ?? ''))) response.write(piece);
  const write = limitUnread(response);
  const tell: Tell = (line) => {
    const text = streamLine(line);
    if (text !== undefined) write(text);
  };
  if (knows) readers.add(tell);
  const stops = [
    hub.subscribe((of) => tell({ kind: 'event', of })),
    hub.onRefusal((of) => tell({ kind: 'refused', of })),
    () => readers.delete(tell),
  ];
  response.on('close', () => {
    for (const stop of stops) stop();
  });
}

/** Both ends of a connection, the reader's first, from one side of it, and the network and the computer that it is in. */
export function endsOf(socket: Socket, side: 'listener' | 'reader'): string {
  const local = endOf(socket.localAddress, socket.localPort);
  const remote = endOf(socket.remoteAddress, socket.remotePort);
  const ends = side === 'reader' ? [local, remote] : [remote, local];
  return [...ends, network(), COMPUTER].join(' ');
}

function endOf(address = '', port = 0): string {
  return `${unmapped(address).split('%', 1)[0]} ${port}`;
}

/** Whether both ends are on this computer, which gives its own address to what it sends to itself. */
function isOwn({ localAddress = '', remoteAddress = '' }: Socket): boolean {
  return isLoopbackAddress(remoteAddress) || remoteAddress === localAddress;
}
