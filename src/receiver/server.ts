import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { AtcomError } from '../errors.ts';
import { originOf } from '../protocol/command-url.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import type { PageHandler } from '../web/page.ts';
import { limitConnections } from './connections.ts';
import { type ReceiverCounts, receiverHandler, takeRawRequest } from './handler.ts';
import { EventHub, type SubscriberError } from './hub.ts';
import { Phonebook } from './phonebook.ts';

/** How events are received. */
export interface ReceiverOptions {
  /** The address to bind: `127.0.0.1` by default; phones reach only another one. */
  readonly host?: string | undefined;
  /** 8088 by default; 0 for any free one. */
  readonly port?: number | undefined;
  /** Phones to name in events, or a phonebook that can grow. */
  readonly phones?: Iterable<PhoneSettings> | Phonebook | undefined;
  /** Is told when a subscriber throws, or its promise is rejected; by default stderr is. */
  readonly onError?: SubscriberError | undefined;
  /** Serve https with this key and certificate, as PEM text. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
  /** Makes what is served beside the events, such as a page that shows what the phones do. */
  readonly pages?: ((receiver: Pick<Receiver, 'hub' | 'counts'>) => PageHandler) | undefined;
}

/** A running receiver. */
export interface Receiver {
  readonly hub: EventHub;
  readonly counts: Readonly<ReceiverCounts>;
  /** `http://127.0.0.1:8088` */
  readonly url: string;
  readonly port: number;
  /** Ends it: iterators of its events end, and whoever waits for one is told (`receiver-closed`). */
  close(): Promise<void>;
}

/** The port of the design's examples. */
export const DEFAULT_PORT = 8088;

/** Whoever needs longer for a request head than this is no phone, in milliseconds. */
const SLOWEST_HEAD = 5000;

const LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: SLOWEST_HEAD,
  requestTimeout: SLOWEST_HEAD,
  connectionsCheckingInterval: 1000,
  keepAliveTimeout: SLOWEST_HEAD,
  // Phones speak HTTP/1.0, without Host.
  requireHostHeader: false,
} as const;

/**
 * Starts to receive events.
 *
 * @throws {AtcomError} `port-unavailable`
 */
export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const { host = '127.0.0.1', port = DEFAULT_PORT, phones = [], tls, onError } = options;
  const hub = new EventHub(onError);
  const counts: ReceiverCounts = { unknown: 0, refused: 0 };
  const handling = {
    hub,
    counts,
    phonebook: phones instanceof Phonebook ? phones : new Phonebook(phones),
    pages: options.pages?.({ hub, counts }),
  };
  const handler = receiverHandler(handling);
  const server =
    tls === undefined
      ? createServer(LIMITS, handler)
      : createTlsServer({ ...LIMITS, handshakeTimeout: SLOWEST_HEAD, ...tls }, handler);
  const connections = limitConnections(server);
  const answered = new WeakSet<Socket>();
  server.on('clientError', (error: Error & { rawPacket?: Buffer }, socket: Socket) => {
    // What follows a refused request on its connection is refused with it.
    if (answered.has(socket)) return socket.destroy();
    answered.add(socket);
    const { rawPacket } = error;
    const understood = rawPacket !== undefined && takeRawRequest(rawPacket, socket.remoteAddress, handling);
    if (!understood) counts.refused += 1;
    const status = understood ? '200 OK' : '400 Bad Request';
    if (!socket.writable) return socket.destroy();
    return socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  });
  await listen(server, host, port);
  const { port: bound } = server.address() as AddressInfo;
  return {
    hub,
    counts,
    port: bound,
    url: originOf({ scheme: tls === undefined ? 'http' : 'https', host, port: bound }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        connections.destroy();
        hub.close();
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const address = `${host}:${port}`;
      const reason = error.code === 'EADDRINUSE' ? 'it is in use' : error.message;
      reject(new AtcomError('port-unavailable', { address, reason }, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
}
