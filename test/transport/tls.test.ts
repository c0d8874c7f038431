import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TLSSocket, TlsOptions } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { Phone } from '../../src/phone/index.ts';
import type { TlsSettings } from '../../src/protocol/settings.ts';
import { distrust } from '../../src/transport/trust.ts';
import { rawServer } from '../support/raw-server.ts';

const fixture = (name: string) =>
  readFileSync(new URL(`../support/certificates/${name}`, import.meta.url), 'utf8');
const SELF_SIGNED: TlsOptions = { key: fixture('phone.key'), cert: fixture('phone.crt') };
const FINGERPRINT = new X509Certificate(fixture('phone.crt')).fingerprint256;
/** As firmware of 2017: TLS 1.0 only, a small key, SHA-1. */
const OLD: TlsOptions = {
  key: fixture('old-phone.key'),
  cert: fixture('old-phone.crt'),
  minVersion: 'TLSv1',
  maxVersion: 'TLSv1',
  ciphers: 'DEFAULT@SECLEVEL=0',
};

/** A fingerprint that differs in one digit. */
const differing = (fingerprint: string, index: number) =>
  fingerprint.slice(0, index) + (fingerprint[index] === '0' ? '1' : '0') + fingerprint.slice(index + 1);

async function pressOver(server: TlsOptions, tls?: TlsSettings) {
  const phone = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'), server);
  const report = await new Phone({ host: phone.host, scheme: 'https', tls }).press(['HOLD']);
  return { report, received: phone.received };
}

describe('over https', () => {
  it('trusts no self-signed certificate, sends nothing, and names the remedies', async () => {
    const { report, received } = await pressOver(SELF_SIGNED);
    expect(report).toMatchObject({ outcome: 'unreachable', error: { code: 'tls-untrusted' } });
    if (report.outcome === 'ok') throw new Error('it was trusted');
    expect(report.error.message).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(report.error.hint).toContain(`fingerprint: "${FINGERPRINT}"`);
    expect(report.error.hint).toContain('insecure: true');
    expect(received.join('')).toBe('');
  });

  it.each<[string, TlsSettings]>([
    ['insecure', { insecure: true }],
    ['its certificate as ca', { ca: fixture('phone.crt') }],
    ['its fingerprint', { fingerprint: FINGERPRINT }],
    [
      'its fingerprint, in lower case without colons',
      { fingerprint: FINGERPRINT.replaceAll(':', '').toLowerCase() },
    ],
  ])('presses with %s', async (_, tls) => {
    const { report, received } = await pressOver(SELF_SIGNED, tls);
    expect(report.outcome).toBe('ok');
    expect(received[0]).toContain('?key=HOLD ');
  });

  it.each<[string, TlsSettings]>([
    ['', {}],
    [', even a trusted one', { ca: fixture('phone.crt') }],
    [', also where any would be accepted', { insecure: true }],
    [', also of firmware that needs much patience', { insecure: true, legacy: true }],
  ])('refuses a certificate other than the pinned one%s', async (_, more) => {
    const tls = { ...more, fingerprint: differing(FINGERPRINT, FINGERPRINT.length - 1) };
    const { report, received } = await pressOver(SELF_SIGNED, tls);
    expect(report).toMatchObject({ outcome: 'unreachable', error: { code: 'tls-untrusted' } });
    expect(report.outcome !== 'ok' && report.error.hint).not.toContain('insecure');
    expect(received.join('')).toBe('');
  });

  it('compares every digit of the pin', () => {
    const socket = { authorized: true, getPeerCertificate: () => ({ fingerprint256: FINGERPRINT }) };
    const trusts = (fingerprint: string) => distrust(socket as TLSSocket, { fingerprint }) === undefined;
    expect(trusts(FINGERPRINT)).toBe(true);
    const digits = [...FINGERPRINT.matchAll(/[0-9A-F]/g)].map(({ index }) => index);
    expect(digits).toHaveLength(64);
    expect(digits.filter((index) => trusts(differing(FINGERPRINT, index)))).toEqual([]);
    expect(trusts(FINGERPRINT.slice(0, 8))).toBe(false);
    expect(trusts('')).toBe(false);
  });

  it('trusts no server that shows no certificate, whatever is pinned', () => {
    const socket = { authorized: true, getPeerCertificate: () => ({}) };
    expect(distrust(socket as TLSSocket, { fingerprint: '' })).toBeInstanceOf(Error);
  });

  it('does not pass over a pin because the phone is spoken to over http', async () => {
    const phone = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    const settings = { host: phone.host, tls: { fingerprint: FINGERPRINT }, auth: 'basic' } as const;
    const report = await new Phone({ ...settings, user: 'admin', password: 'secret' }).press(['HOLD']);
    expect(report).toMatchObject({ outcome: 'unreachable', error: { code: 'tls-failed' } });
    expect(report.outcome !== 'ok' && report.error.hint).toContain('scheme: https');
    expect(phone.connections).toBe(0);
  });

  // With TLS 1.2 the session is there as soon as the handshake ends, so that a cache would have it.
  it('makes a whole handshake for every request: a resumed one shows no certificate', async () => {
    const resumed: boolean[] = [];
    const phone = await rawServer(
      (socket) => {
        resumed.push((socket as TLSSocket).isSessionReused());
        socket.end('HTTP/1.1 200 OK\r\n\r\n');
      },
      { ...SELF_SIGNED, maxVersion: 'TLSv1.2' },
    );
    const settings = { host: phone.host, scheme: 'https', tls: { fingerprint: FINGERPRINT } } as const;
    for (let request = 0; request < 4; request += 1) await new Phone(settings).press(['HOLD']);
    expect(resumed).toEqual([false, false, false, false]);
  });

  it('refuses a trusted certificate of another host', async () => {
    const phone = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'), SELF_SIGNED);
    const host = `localhost:${phone.port}`;
    const report = await new Phone({ host, scheme: 'https', tls: { ca: fixture('phone.crt') } }).press([
      'HOLD',
    ]);
    expect(report).toMatchObject({ outcome: 'unreachable' });
    if (report.outcome === 'ok') throw new Error('it was trusted');
    expect(report.error.message).toContain('ALTNAME');
    expect(phone.received.join('')).toBe('');
  });

  it('needs legacy for TLS 1.0, and says so', async () => {
    const { report } = await pressOver(OLD, { insecure: true });
    expect(report).toMatchObject({ outcome: 'unreachable', error: { code: 'tls-failed' } });
    expect(report.outcome !== 'ok' && report.error.hint).toContain('legacy: true');
  });

  it('speaks TLS 1.0 with legacy', async () => {
    const { report } = await pressOver(OLD, { legacy: true, insecure: true });
    expect(report.outcome).toBe('ok');
  });

  it('delivers nothing to a port that speaks plain http', async () => {
    const phone = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    const settings = { host: phone.host, scheme: 'https', timeout: 500, tls: { insecure: true } } as const;
    const report = await new Phone(settings).press(['HOLD']);
    expect(report.outcome).toBe('unreachable');
  });

  it('delivers nothing when the connection is reset before the request, during the handshake', async () => {
    const { createServer } = await import('node:net');
    const server = createServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const report = await new Phone({ host: '127.0.0.1', port, scheme: 'https' }).press(['HOLD']);
    server.close();
    expect(report).toMatchObject({ outcome: 'unreachable', error: { code: 'tls-failed', retryable: true } });
  });

  it('does not know after a reset that follows the request', async () => {
    const phone = await rawServer((socket) => socket.destroy(), SELF_SIGNED);
    const settings = { host: phone.host, scheme: 'https', tls: { insecure: true } } as const;
    const report = await new Phone(settings).press(['HOLD'], { retry: 2 });
    expect(report.outcome).toBe('unknown');
    expect(phone.connections).toBe(1);
  });
});
