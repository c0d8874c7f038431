import type { TLSSocket } from 'node:tls';
import type { TlsSettings } from '../protocol/settings.ts';

/** No request could be sent, because of TLS. */
export class TlsError extends Error {
  /** The SHA-256 fingerprint of the untrusted certificate; undefined if there was no handshake. */
  readonly fingerprint: string | undefined;

  constructor(message: string, fingerprint?: string, options?: ErrorOptions) {
    super(message, options);
    this.fingerprint = fingerprint;
  }
}

/** Whether nothing was delivered because of TLS. */
export function isTlsError(error: Error): error is TlsError {
  return error instanceof TlsError;
}

/**
 * The options of a TLS handshake. {@link distrust} verifies the certificate after the handshake and before the first
 * byte of the request, because only then can the error show the fingerprint to pin.
 */
export function handshake({ ca, legacy }: TlsSettings) {
  return {
    rejectUnauthorized: false,
    ...(ca === undefined ? {} : { ca }),
    // With OpenSSL 3, TLS 1.0 needs both: the version, and a security level that allows its ciphers and keys.
    ...(legacy === true ? ({ minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const) : {}),
  };
}

/** Why a certificate is not trusted; undefined if it is. As in curl, a pin is always checked, even with `insecure`. */
export function distrust(socket: TLSSocket, { fingerprint, insecure }: TlsSettings): TlsError | undefined {
  const { fingerprint256: actual = '' } = socket.getPeerCertificate();
  if (fingerprint !== undefined) {
    const pinned = actual !== '' && plain(actual) === plain(fingerprint);
    return pinned ? undefined : new TlsError('its fingerprint is not the pinned one', actual);
  }
  if (insecure === true || socket.authorized) return undefined;
  // Node sets a code or a string here, although its type says Error.
  return new TlsError(String(socket.authorizationError), actual);
}

/** A pin must not be ignored silently when the scheme has no TLS. */
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
