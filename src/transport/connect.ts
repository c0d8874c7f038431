import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { TlsSettings } from '../protocol/settings.ts';
import { buildConnector } from './undici.ts';
import type { Wire } from './wire.ts';

/** Why no request could be sent, where TLS is the reason. */
export class TlsError extends Error {
  /** The SHA-256 fingerprint of a certificate that is not trusted; undefined where no handshake was reached. */
  readonly fingerprint: string | undefined;

  constructor(message: string, fingerprint?: string, options?: ErrorOptions) {
    super(message, options);
    this.fingerprint = fingerprint;
  }
}

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
  maxCachedSessions: 0,
  rejectUnauthorized: false,
} as const;

/** The connector of all phones without settings of their own. */
let plainDial: Connector | undefined;

/**
 * Certificates are judged in {@link distrust}, after the handshake and before a byte of the request: only so can the
 * error name the fingerprint to pin. Sessions are not resumed, because a resumed one skips the check of the name.
 */
function dial({ ca, legacy }: TlsSettings): Connector {
  if (ca === undefined && legacy !== true) {
    plainDial ??= buildConnector(DIAL_OPTIONS);
    return plainDial;
  }
  return buildConnector({
    ...DIAL_OPTIONS,
    ...(ca === undefined ? {} : { ca }),
    // TLS 1.0 needs all of these with OpenSSL 3: the version, and a security level that allows its ciphers and keys.
    ...(legacy === true ? { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
  });
}

/** Why the certificate is not trusted; undefined when it is. */
function distrust(socket: TLSSocket, { fingerprint, insecure }: TlsSettings): TlsError | undefined {
  if (insecure === true) return undefined;
  const actual = socket.getPeerCertificate().fingerprint256;
  if (fingerprint !== undefined) {
    return plain(actual) === plain(fingerprint)
      ? undefined
      : new TlsError('its fingerprint is not the pinned one', actual);
  }
  if (socket.authorized) return undefined;
  // Node sets a code or a message here, although its types say Error.
  return new TlsError(String(socket.authorizationError), actual);
}

function plain(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toUpperCase();
}

/** The short reason inside OpenSSL's `error:0A000102:SSL routines::unsupported protocol`. */
function tlsReason(error: Error): string {
  return /:SSL routines:[^:]*:([^:\n]+)/.exec(error.message)?.[1]?.trim() ?? error.message;
}
