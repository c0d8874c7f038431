import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { lookUpOnce } from '../lookup.ts';
import { refusal } from '../offline.ts';
import type { TlsSettings } from '../protocol/settings.ts';
import { distrust, handshake, TlsError, tlsReason } from './trust.ts';
import { buildConnector } from './undici.ts';
import type { Wire } from './wire.ts';

/** The type of undici's connect function. */
export type Connector = buildConnector.connector;

/**
 * A connector for one request. It connects at most once, so that undici can never send the request a second time, and
 * it passes the socket to the wire before undici writes to it.
 *
 * @param onSocket - gets the socket immediately, so that it can be destroyed while connecting
 * @param tooLate - why nothing may be sent any more, once it is connected
 * @param onLeave - what is awaited before anything is sent
 */
export function connectOnce(
  wire: Wire,
  tls: TlsSettings,
  onSocket: (socket: Socket) => void,
  tooLate: () => Error | undefined = () => undefined,
  onLeave?: () => Promise<void>,
): Connector {
  let used = false;
  return (options, callback) => {
    if (used) {
      callback(new Error('the connection was lost'), null);
      return;
    }
    used = true;
    const refused = refusal(options.hostname, options.port);
    if (refused !== undefined) {
      callback(refused, null);
      return;
    }
    let reached = false;
    const socket = dial(tls)(options, (error, connected) => {
      if (error !== null) {
        const secure = options.protocol === 'https:' && reached;
        callback(secure ? new TlsError(tlsReason(error), undefined, { cause: error }) : error, null);
        return;
      }
      const end = (reason: Error) => {
        connected.destroy();
        callback(reason, null);
      };
      const goOn = () => {
        const reason = tooLate();
        if (reason !== undefined) return end(reason);
        wire.watch(connected);
        callback(null, connected);
      };
      const untrusted = options.protocol === 'https:' ? distrust(connected as TLSSocket, tls) : undefined;
      if (untrusted === undefined) afterwards(onLeave, goOn, end);
      else end(untrusted);
    }) as unknown as Socket;
    socket.once('connect', () => {
      reached = true;
    });
    onSocket(socket);
  };
}

/** Goes on at once where nothing is to be awaited: a request costs no turn of the event loop more than it must. */
function afterwards(
  first: (() => Promise<void>) | undefined,
  goOn: () => void,
  end: (reason: Error) => void,
): void {
  if (first === undefined) goOn();
  else first().then(goOn, end);
}

const DIAL_OPTIONS = {
  // The deadline of the request also limits connecting; undici's own timer is coarse.
  timeout: 0,
  keepAlive: false,
  lookup: lookUpOnce,
  // A resumed session would skip the verification of the server name.
  maxCachedSessions: 0,
} as const;

/** The connector shared by all phones without TLS settings of their own. */
let plainDial: Connector | undefined;

function dial(tls: TlsSettings): Connector {
  if (tls.ca === undefined && tls.legacy !== true) {
    plainDial ??= buildConnector({ ...DIAL_OPTIONS, ...handshake({}) });
    return plainDial;
  }
  return buildConnector({ ...DIAL_OPTIONS, ...handshake(tls) });
}
