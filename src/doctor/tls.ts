import { once } from 'node:events';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { AtcomError } from '../errors.ts';
import { hostText } from '../protocol/command-url.ts';
import { formatDuration } from '../protocol/duration.ts';
import type { TlsSettings } from '../protocol/settings.ts';
import { unpinnable } from '../transport/index.ts';
import { type Finding, ok, problem, warning } from './finding.ts';
import { limit, portOf } from './route.ts';
import { type Look, type Subject, timeoutOf, unlessInterrupted } from './subject.ts';

/** What firmware of 2017 speaks, and what is broken since. */
const OLD_VERSIONS: readonly (string | null)[] = ['TLSv1', 'TLSv1.1'];

/** Makes a TLS connection, sends nothing over it, and tells how the phone's certificate is judged. */
export const checkTls: Look = async (subject) => {
  const { endpoint, settings, context } = subject;
  const { scheme } = endpoint;
  if (scheme === 'http') {
    const unpinned = unpinnable(settings.tls ?? {});
    if (unpinned === undefined) return [ok('tls', 'not used: the phone is spoken to over http')];
    return [
      failed(new AtcomError('tls-failed', { host: hostText(endpoint), reason: unpinned.message, scheme })),
    ];
  }
  const within = limit(context.signal, timeoutOf(subject));
  const socket = open(subject, settings.tls);
  try {
    await once(socket, 'secureConnect', { signal: within });
    return [judge(socket, hostText(endpoint), settings.tls)];
  } catch (error) {
    const reason = within.aborted
      ? `no handshake within ${formatDuration(timeoutOf(subject))}`
      : reasonOf(error as Error);
    return unlessInterrupted(subject, 'tls', () =>
      failed(new AtcomError('tls-failed', { host: hostText(endpoint), reason, scheme })),
    );
  } finally {
    socket.destroy();
  }
};

/** The settings of a request, but a certificate that is not trusted can be looked at. */
function open({ endpoint }: Subject, { ca, legacy }: TlsSettings = {}): TLSSocket {
  return connect({
    host: endpoint.host,
    port: portOf(endpoint),
    ...(isIP(endpoint.host) === 0 ? { servername: endpoint.host } : {}),
    rejectUnauthorized: false,
    ...(ca === undefined ? {} : { ca }),
    ...(legacy === true ? { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
  });
}

function judge(socket: TLSSocket, host: string, settings: TlsSettings = {}): Finding {
  const version = socket.getProtocol();
  const { fingerprint256: fingerprint } = socket.getPeerCertificate();
  const pinned = settings.fingerprint;
  if (settings.insecure === true && pinned === undefined) {
    const remedy = `pin the certificate instead: tls: { fingerprint: "${fingerprint}" }`;
    return warning('tls', `${version}; any certificate is accepted, this one is ${fingerprint}`, remedy);
  }
  const isPinned = pinned !== undefined && plain(pinned) === plain(fingerprint);
  if (!isPinned && (pinned !== undefined || !socket.authorized)) {
    // Node sets a code or a message here, although its types say Error.
    const reason =
      pinned === undefined ? String(socket.authorizationError) : 'its fingerprint is not the pinned one';
    return failed(
      new AtcomError('tls-untrusted', { host, reason, fingerprint, pinned: pinned !== undefined }),
    );
  }
  const message = `${version}, certificate ${isPinned ? 'pinned' : 'trusted'}: ${fingerprint}`;
  if (!OLD_VERSIONS.includes(version)) return ok('tls', message);
  const remedy = 'install newer firmware if there is any, or keep the phone in a network of its own';
  return warning('tls', `${message}; this version is broken, allowed by tls: { legacy: true }`, remedy);
}

function plain(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toUpperCase();
}

function failed({ exitCode, message, hint }: AtcomError): Finding {
  return problem('tls', exitCode, message, hint);
}

/** The short reason inside OpenSSL's `error:0A000102:SSL routines::unsupported protocol`. */
function reasonOf({ message }: Error): string {
  return /:SSL routines:[^:]*:([^:\n]+)/.exec(message)?.[1]?.trim() ?? message;
}
