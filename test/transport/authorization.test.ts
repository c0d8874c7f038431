import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Phone } from '../../src/phone/index.ts';
import type { PhoneSettings } from '../../src/protocol/settings.ts';
import { basic, digest, parseChallenges } from '../../src/transport/authorization.ts';
import { rawServer } from '../support/raw-server.ts';

const SECRET = 'Circle of Life';
const ADMIN = { user: 'Mufasa', password: SECRET };
/** The two challenges of RFC 7616, section 3.9.1. */
const RFC = ['SHA-256', 'MD5'].map(
  (algorithm) =>
    `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`,
);
const CNONCE = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';

describe('digest', () => {
  it.each([
    ['SHA-256', RFC, '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
    ['MD5', RFC.slice(1), '8ca523f5e9506fed4657c9700eebdbec'],
  ])('answers as the example of RFC 7616 with %s', (algorithm, values, response) => {
    const header = digest(parseChallenges(values), ADMIN, '/dir/index.html', { cnonce: CNONCE });
    expect(header).toContain(`response="${response}"`);
    expect(header).toContain(`algorithm=${algorithm}, qop=auth, nc=00000001, cnonce="${CNONCE}"`);
    expect(header).toContain('opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"');
    expect(header).not.toContain(SECRET);
  });

  it('answers a challenge without qop as RFC 2069, whose example is wrong and corrected in its erratum', () => {
    const value =
      'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"';
    const credentials = { user: 'Mufasa', password: 'CircleOfLife' };
    const header = digest(parseChallenges([value]), credentials, '/dir/index.html');
    expect(header).toContain('response="1949323746fe6a43ef61f9606e7febea"');
    expect(header).not.toContain('qop');
  });

  it.each([
    ['another scheme', 'Basic realm="phone"'],
    ['an unknown hash', 'Digest realm="x", nonce="n", algorithm=SHA-512-256, qop="auth"'],
    ['only auth-int', 'Digest realm="x", nonce="n", qop="auth-int"'],
    ['a control character', 'Digest realm="\u001b[2J", nonce="n", qop="auth"'],
    ['no nonce', 'Digest realm="x", qop="auth"'],
  ])('has no answer to %s', (_, value) => {
    expect(digest(parseChallenges([value]), ADMIN, '/')).toBeUndefined();
  });

  it('reads several challenges of one header, and quoted pairs', () => {
    expect(parseChallenges(['Basic realm="a, \\"b\\"", Digest realm="c", nonce=n, qop="auth"'])).toEqual([
      { scheme: 'basic', parameters: { realm: 'a, "b"' } },
      { scheme: 'digest', parameters: { realm: 'c', nonce: 'n', qop: 'auth' } },
    ]);
  });
});

it('encodes basic credentials in UTF-8', () => {
  expect(basic({ user: 'admin', password: 'pässword' })).toBe('Basic YWRtaW46cMOkc3N3b3Jk');
});

/** A phone that wants credentials, and takes those that the check accepts. */
async function guarded(challenge: string, accepts: (authorization: string) => boolean) {
  const server = await rawServer((socket, request) => {
    const authorization = /^authorization: (.*)\r$/im.exec(request)?.[1];
    const answer =
      authorization !== undefined && accepts(authorization)
        ? 'HTTP/1.0 200 OK\n\n'
        : `HTTP/1.0 401 Unauthorized\nWWW-Authenticate: ${challenge}\n\n`;
    socket.end(answer);
  });
  const press = (settings: Omit<PhoneSettings, 'host'>) =>
    new Phone({ host: server.host, ...settings }).press(['HOLD']);
  return { server, press };
}

const DIGEST = 'Digest realm="phone", nonce="abc", qop="auth", algorithm=MD5';

describe('a phone that wants credentials', () => {
  it('gets none that nobody gave', async () => {
    const { server, press } = await guarded(DIGEST, () => true);
    const report = await press({ auth: 'digest' });
    expect(report).toMatchObject({ outcome: 'unauthorized', requests: [{ status: 401 }] });
    expect(server.connections).toBe(1);
  });

  it('gets none without auth, and the hint names what it asks for', async () => {
    const { server, press } = await guarded(DIGEST, () => true);
    const report = await press(ADMIN);
    expect(report.outcome !== 'ok' && report.error.hint).toContain('auth: digest');
    expect(server.received.join('')).not.toMatch(/authorization/i);
  });

  it('gets a digest once it has asked, also from a head with LF line ends', async () => {
    const { server, press } = await guarded(DIGEST, (given) => given.startsWith('Digest username="Mufasa"'));
    const report = await press({ ...ADMIN, auth: 'digest' });
    expect(report.outcome).toBe('ok');
    expect(server.connections).toBe(2);
    expect(server.received[0]).not.toMatch(/authorization/i);
    expect(server.received[1]).toContain('uri="/cgi-bin/server.cgi?key=HOLD"');
  });

  it.each(['utf8', 'latin1'] as const)('gets a digest of its own bytes, in %s', async (encoding) => {
    const realm = encoding === 'utf8' ? '前台' : 'Büro';
    const bytes = (text: string) => Buffer.from(text, encoding).toString('latin1');
    const md5 = (...parts: string[]) => createHash('md5').update(parts.join(':'), 'latin1').digest('hex');
    const password = Buffer.from('pässword').toString('latin1');
    const server = await rawServer((socket, request) => {
      const [, uri = ''] = /^GET (\S+)/.exec(request) ?? [];
      const [, cnonce = ''] = /cnonce="(\w+)"/.exec(request) ?? [];
      const proof = md5(
        md5('admin', bytes(realm), password),
        'n',
        '00000001',
        cnonce,
        'auth',
        md5('GET', uri),
      );
      const isRight = request.includes(`response="${proof}"`) && request.includes(`realm="${bytes(realm)}"`);
      const challenge = `WWW-Authenticate: Digest realm="${realm}", nonce="n", qop="auth"`;
      const answer = isRight ? 'HTTP/1.0 200 OK\n\n' : `HTTP/1.0 401 No\n${challenge}\n\n`;
      socket.end(Buffer.from(answer, encoding));
    });
    const settings = { host: server.host, auth: 'digest', user: 'admin', password: 'pässword' } as const;
    expect(await new Phone(settings).press(['HOLD'])).toMatchObject({ outcome: 'ok' });
  });

  it('gets a wrong password only once', async () => {
    const { server, press } = await guarded(DIGEST, () => false);
    const report = await press({ ...ADMIN, auth: 'digest' });
    expect(report).toMatchObject({ outcome: 'unauthorized' });
    expect(report.outcome !== 'ok' && report.error.message).toContain('did not accept the credentials');
    expect(server.connections).toBe(2);
  });

  it('gets no password in clear when digest was asked for and basic is offered', async () => {
    const { server, press } = await guarded('Basic realm="phone"', () => true);
    const report = await press({ ...ADMIN, auth: 'digest' });
    expect(report.outcome).toBe('unauthorized');
    expect(server.received.join('')).not.toMatch(/authorization/i);
  });

  it('gets basic credentials at once where that is its setting', async () => {
    const { server, press } = await guarded('Basic realm="phone"', (given) => given === basic(ADMIN));
    expect((await press({ ...ADMIN, auth: 'basic' })).outcome).toBe('ok');
    expect(server.connections).toBe(1);
  });

  it('leaves the password in no report', async () => {
    const { press } = await guarded(DIGEST, () => false);
    for (const auth of ['none', 'basic', 'digest'] as const) {
      const report = await press({ ...ADMIN, auth });
      const cause = report.outcome === 'ok' ? undefined : report.error;
      expect(JSON.stringify(report) + String(cause?.stack) + String(cause?.hint)).not.toContain(SECRET);
    }
  });
});
