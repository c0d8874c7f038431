import { once } from 'node:events';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { AtcomError } from '../errors.ts';
import { hostText, portOf } from '../protocol/command-url.ts';
import { formatDuration } from '../protocol/duration.ts';
import type { TlsSettings } from '../protocol/settings.ts';
import { distrust, handshake, tlsReason, unpinnable } from '../transport/trust.ts';
import { type Finding, ok, problem, warning } from './finding.ts';
import { limit } from './route.ts';
import { type Look, type Subject, timeoutOf, unlessInterrupted } from './subject.ts';

/** TLS versions that firmware of 2017 speaks, and that are considered broken today. */
const OLD_VERSIONS: readonly (string | null)[] = ['TLSv1', 'TLSv1.1'];

/** Does a TLS handshake, sends nothing, and reports how the certificate is judged. */
export const checkTls: Look = async (subject) => {
  const {
    endpoint,
    settings: { tls = {} },
    signal,
  } = subject;
  const { scheme } = endpoint;
  if (scheme === 'http') {
    const unpinned = unpinnable(tls);
    if (unpinned === undefined) return [ok('tls', 'not used: the phone uses http')];
    return [
      failed(new AtcomError('tls-failed', { host: hostText(endpoint), reason: unpinned.message, scheme })),
    ];
  }
  const within = limit(signal, timeoutOf(subject));
  const socket = open(subject, tls);
  try {
    await once(socket, 'secureConnect', { signal: within });
    return [judge(socket, hostText(endpoint), tls)];
  } catch (error) {
    const reason = within.aborted
      ? `no handshake within ${formatDuration(timeoutOf(subject))}`
      : tlsReason(error as Error);
    return unlessInterrupted(subject, 'tls', () =>
      failed(new AtcomError('tls-failed', { host: hostText(endpoint), reason, scheme })),
    );
  } finally {
    socket.destroy();
  }
};

/**
 * Connects as a request would. Certificates are verified after the handshake, so that an untrusted one can be shown.
 */
function open({ endpoint }: Subject, tls: TlsSettings): TLSSocket {
  return connect({
    host: endpoint.host,
    port: portOf(endpoint),
    ...(isIP(endpoint.host) === 0 ? { servername: endpoint.host } : {}),
    ...handshake(tls),
  });
}

function judge(socket: TLSSocket, host: string, settings: TlsSettings): Finding {
  const version = socket.getProtocol();
  const { fingerprint256: fingerprint } = socket.getPeerCertificate();
  const untrusted = distrust(socket, settings);
  const isPinned = settings.fingerprint !== undefined;
  if (untrusted !== undefined) {
    const { message: reason } = untrusted;
    return failed(new AtcomError('tls-untrusted', { host, reason, fingerprint, pinned: isPinned }));
  }
  if (settings.insecure === true && !isPinned) {
    const remedy = `pin the certificate instead: tls: { fingerprint: "${fingerprint}" }`;
    return warning('tls', `${version}; any certificate is accepted, this one is ${fingerprint}`, remedy);
  }
  const message = `${version}, certificate ${isPinned ? 'pinned' : 'trusted'}: ${fingerprint}`;
  if (!OLD_VERSIONS.includes(version)) return ok('tls', message);
  const remedy = 'install newer firmware if there is any, or keep the phone on a separate network';
  return warning('tls', `${message}; this version is broken, allowed by tls: { legacy: true }`, remedy);
}

function failed({ exitCode, message, hint }: AtcomError): Finding {
  return problem('tls', exitCode, message, hint);
}
