import type { TLSSocket } from 'node:tls';
import type { TlsSettings } from '../protocol/settings.ts';

/** Why no request could be sent, where TLS is the reason. */
export class TlsError extends Error {
  /** The SHA-256 fingerprint of a certificate that is not trusted; undefined where no handshake was reached. */
  readonly fingerprint: string | undefined;

  constructor(message: string, fingerprint?: string, options?: ErrorOptions) {
    super(message, options);
    this.fingerprint = fingerprint;
  }
}

/** Whether TLS is the reason that nothing was delivered. */
export function isTlsError(error: Error): error is TlsError {
  return error instanceof TlsError;
}

/**
 * What settings mean for a handshake. Certificates are judged by {@link distrust} after it and before a byte of the
 * request: only so can the error name the fingerprint to pin.
 */
export function handshake({ ca, legacy }: TlsSettings) {
  return {
    rejectUnauthorized: false,
    ...(ca === undefined ? {} : { ca }),
    // TLS 1.0 needs all of these with OpenSSL 3: the version, and a security level that allows its ciphers and keys.
    ...(legacy === true ? ({ minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const) : {}),
  };
}

/** Why a certificate is not trusted; undefined when it is. A pin holds whatever else is set, as in curl beside `-k`. */
export function distrust(socket: TLSSocket, { fingerprint, insecure }: TlsSettings): TlsError | undefined {
  const { fingerprint256: actual = '' } = socket.getPeerCertificate();
  if (fingerprint !== undefined) {
    const pinned = actual !== '' && plain(actual) === plain(fingerprint);
    return pinned ? undefined : new TlsError('its fingerprint is not the pinned one', actual);
  }
  if (insecure === true || socket.authorized) return undefined;
  // Node sets a code or a message here, although its types say Error.
  return new TlsError(String(socket.authorizationError), actual);
}

/** A pin must not be passed over because a phone is spoken to without TLS. */
export function unpinnable({ fingerprint }: TlsSettings): TlsError | undefined {
  return fingerprint === undefined
    ? undefined
    : new TlsError('its certificate is pinned, but its scheme is http, which has none');
}

function plain(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toUpperCase();
}

/** The short reason inside OpenSSL's `error:0A000102:SSL routines::unsupported protocol`. */
export function tlsReason(error: Error): string {
  return /:SSL routines:[^:]*:([^:\n]+)/.exec(error.message)?.[1]?.trim() ?? error.message;
}
