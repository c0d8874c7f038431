import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { TlsSettings } from '../protocol/settings.ts';
import { distrust, handshake, TlsError, tlsReason } from './trust.ts';
import { buildConnector } from './undici.ts';
import type { Wire } from './wire.ts';

/** How undici is told to connect. */
export type Connector = buildConnector.connector;

/**
 * A connector for one request: it connects once and never again, so that nothing undici does can send the request a
 * second time, and it shows the socket to the wire before undici writes to it.
 *
 * @param onSocket - gets the socket at once, to destroy it while it connects
 */
export function connectOnce(wire: Wire, tls: TlsSettings, onSocket: (socket: Socket) => void): Connector {
  let used = false;
  return (options, callback) => {
    if (used) {
      callback(new Error('the connection was lost'), null);
      return;
    }
    used = true;
    let reached = false;
    const socket = dial(tls)(options, (error, connected) => {
      if (error !== null) {
        const secure = options.protocol === 'https:' && reached;
        callback(secure ? new TlsError(tlsReason(error), undefined, { cause: error }) : error, null);
        return;
      }
      const untrusted = options.protocol === 'https:' ? distrust(connected as TLSSocket, tls) : undefined;
      if (untrusted !== undefined) {
        connected.destroy();
        callback(untrusted, null);
        return;
      }
      wire.watch(connected);
      callback(null, connected);
    }) as unknown as Socket;
    socket.once('connect', () => {
      reached = true;
    });
    onSocket(socket);
  };
}

const DIAL_OPTIONS = {
  // The deadline of the request ends a connect that takes too long; undici's own timer is coarse.
  timeout: 0,
  keepAlive: false,
  // A resumed session skips the check of the name.
  maxCachedSessions: 0,
} as const;

/** The connector of all phones without settings of their own. */
let plainDial: Connector | undefined;

function dial(tls: TlsSettings): Connector {
  if (tls.ca === undefined && tls.legacy !== true) {
    plainDial ??= buildConnector({ ...DIAL_OPTIONS, ...handshake({}) });
    return plainDial;
  }
  return buildConnector({ ...DIAL_OPTIONS, ...handshake(tls) });
}
