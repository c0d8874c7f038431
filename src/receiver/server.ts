import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { AtcomError } from '../errors.ts';
import { originOf } from '../protocol/command-url.ts';
import { addressHint, networkReason } from '../protocol/network-reasons.ts';
import { MOST_FIELDS } from '../web/fields.ts';
import { BACKLOG, readArrivals } from './arrivals.ts';
import { answerClientErrors, refuseOn, SLOWEST_HEAD } from './client-error.ts';
import { limitConnections } from './connections.ts';
import { type ReceiverCounts, receiverHandler, tellRefusal } from './handler.ts';
import { mostConnections } from './handles.ts';
import { MOST_HEAD, repairHeads } from './head-repair.ts';
import { EventHub } from './hub.ts';
import { takeLateRequests } from './late-requests.ts';
import { newLocalStream } from './local-stream.ts';
import { checkOptions, type ReceiverOptions, rulesOf, type Served } from './options.ts';
import type { RefusalReason } from './refusal.ts';
import { addressOf } from './source.ts';
import { againText, Sparingly } from './sparingly.ts';

/** A running receiver. */
export interface Receiver extends Served {
  /** `http://127.0.0.1:8088` */
  readonly url: string;
  /** The address that is bound. */
  readonly address: string;
  readonly port: number;
  /** Closes the receiver: iterators end, and waiters reject with `receiver-closed`. */
  close(): Promise<void>;
}

const LIMITS = {
  // An escaped blank takes three characters.
  maxHeaderSize: 3 * MOST_HEAD,
  headersTimeout: SLOWEST_HEAD,
  requestTimeout: SLOWEST_HEAD,
  connectionsCheckingInterval: 1000,
  keepAliveTimeout: SLOWEST_HEAD,
  // Phones speak HTTP/1.0, without Host.
  requireHostHeader: false,
} as const;

/**
 * Starts a receiver.
 *
 * @throws {AtcomError} `port-unavailable`; `usage`, `invalid-address` or `unknown-event` for options that cannot be used
 */
export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const { host, port, ...checked } = checkOptions(options);
  const { tls, token, secret, onError, onWarning, hub = new EventHub(onError) } = options;
  const counts: ReceiverCounts = { unknown: 0, refused: 0 };
  // None once it is closed.
  const bound = () => (server.address() as AddressInfo | null)?.address ?? '';
  const stream =
    secret === undefined
      ? undefined
      : newLocalStream(hub, { secret, token, rules: rulesOf(options) }, bound, (kept) =>
          connections.keep(kept),
        );
  const pages = options.pages?.({ hub, counts });
  const handling = { ...checked, hub, counts, token, serveLocally: stream, pages };
  const handler = receiverHandler(handling);
  const server = newServer(tls, handler);
  server.maxHeadersCount = MOST_FIELDS;
  const settled = readArrivals(server);
  // Node would refuse these two by itself, and tell nobody.
  server.on('checkExpectation', handler);
  server.on('connect', (request, socket) => {
    tellRefusal(handling, 'method', handling.sources.of(request), request.url ?? '');
    refuseOn(socket, 'method');
  });
  const most = await mostConnections();
  const warnings = warningsFor(onWarning);
  const connections = limitConnections(server, most, () =>
    warnings.take(
      'full',
      `${most} connections are open, as many as this process can have: the oldest give way to new ones (ulimit -n says how many files it may open)`,
    ),
  );
  const connected = tls === undefined ? 'connection' : 'secureConnection';
  const heads = repairHeads(server, connected);
  const refuse = (reason: RefusalReason, address: string, target: string) =>
    tellRefusal(handling, reason, handling.sources.ofUnread(address), target);
  takeLateRequests(server, connected, (socket) => refuse('late', addressOf(socket), ''));
  answerClientErrors(server, connected, heads, refuse);
  await listen(server, host, port);
  server.on('error', ({ message }) => warnings.take(message, message));
  const forget = hub.feedFrom(() => settled().then(heads.passed));
  const { address, port: chosen } = server.address() as AddressInfo;
  return {
    hub,
    counts,
    address,
    port: chosen,
    url: originOf({ scheme: tls === undefined ? 'http' : 'https', host, port: chosen }),
    close: () =>
      new Promise((resolve) => {
        forget();
        server.close(() => resolve());
        connections.destroy();
        warnings.forget();
        if (options.hub === undefined) hub.close();
      }),
  };
}

/** Warnings that any connection can cause are given once a minute. */
function warningsFor(tell: ReceiverOptions['onWarning'] = () => undefined): Sparingly<string> {
  return new Sparingly(
    (text, again) => tell(text + againText(again)),
    (count) => tell(`${count} more warnings`),
    { every: 60_000, most: 5 },
  );
}

function newServer(tls: ReceiverOptions['tls'], handler: RequestListener): Server {
  if (tls === undefined) return createServer(LIMITS, handler);
  try {
    return createTlsServer({ ...LIMITS, handshakeTimeout: SLOWEST_HEAD, ...tls }, handler);
  } catch (error) {
    const reason = `tls: the key or the certificate cannot be used: ${(error as Error).message}`;
    throw new AtcomError('usage', { reason, hint: 'give both as PEM text' }, { cause: error });
  }
}

/** What system error codes mean for the person who chose the address. */
const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'it is in use',
  EADDRNOTAVAIL: 'this computer does not have that address',
  EACCES: 'this user may not use that port',
  EMFILE: 'this computer lets atcom open no more files',
  ENFILE: 'this computer can open no more files',
};

const MORE_FILES = 'raise the limit: ulimit -n 4096';

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => {
      const { code = '' } = error;
      const address = `${host}:${port}`;
      const details = { address, reason: REASONS[code] ?? networkReason(error) };
      const hint = code.endsWith('FILE') ? MORE_FILES : addressHint(code);
      const more = hint === undefined ? {} : { hint };
      reject(new AtcomError('port-unavailable', { ...details, ...more }, { cause: error }));
    };
    server.once('error', refuse).listen(port, host, BACKLOG, () => {
      server.off('error', refuse);
      resolve();
    });
  });
}
