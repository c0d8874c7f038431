import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type Access, refusalOf } from '../../src/web/guard.ts';

/** `Host: a | Origin: b`, from an address. */
function refused(headers: string, from = '127.0.0.1', access?: Access) {
  const pairs = headers.split(' | ').map((line) => line.split(': ') as [string, string]);
  const lower = pairs.map(([name, value]) => [name.toLowerCase(), value]);
  const request = { headers: Object.fromEntries(lower), socket: { remoteAddress: from } };
  return refusalOf(request as unknown as IncomingMessage, access)?.status;
}

const basic = (password: string) =>
  `Authorization: Basic ${Buffer.from(`any:${password}`).toString('base64')}`;

describe('a page of this computer', () => {
  it.each([
    ['Host: 127.0.0.1:8088'],
    ['Host: localhost:8088'],
    ['Host: [::1]:8088'],
    ['Host: LOCALHOST'],
    ['Host: 127.0.0.1:8088 | Sec-Fetch-Site: none'],
    ['Host: 127.0.0.1:8088 | Sec-Fetch-Site: same-origin | Origin: http://127.0.0.1:8088'],
  ])('is served: %s', (headers) => {
    expect(refused(headers)).toBeUndefined();
  });

  it.each([
    ['a name that was made to lead here', 'Host: evil.example:8088'],
    ['a name that looks like this computer', 'Host: localhost.evil.example:8088'],
    ['an address that is not of this computer', 'Host: 172.16.0.184:8088'],
    ['no host', 'Accept: */*'],
    ['a page of another site', 'Host: 127.0.0.1:8088 | Sec-Fetch-Site: cross-site'],
    ['another port of this computer', 'Host: 127.0.0.1:8088 | Sec-Fetch-Site: same-site'],
    ['another origin', 'Host: 127.0.0.1:8088 | Origin: http://evil.example'],
    ['another origin on this computer', 'Host: 127.0.0.1:8088 | Origin: http://127.0.0.1:3000'],
    ['a sandboxed page', 'Host: 127.0.0.1:8088 | Origin: null'],
  ])('is refused to %s', (_, headers) => {
    expect(refused(headers)).toBe(403);
  });

  it('is refused to another computer, whatever it says', () => {
    expect(refused('Host: 127.0.0.1:8088', '172.16.0.9')).toBe(403);
    expect(refused('Host: 127.0.0.1:8088', '172.16.0.9', { token: 'long-enough-token' })).toBe(403);
    expect(refused('Host: 127.0.0.1:8088', '172.16.0.9', { hosts: ['0.0.0.0'] })).toBe(403);
  });

  it.each([
    ['X-Forwarded-For: 203.0.113.9'],
    ['X-Forwarded-Proto: https'],
    ['X-Real-IP: 203.0.113.9'],
    ['Forwarded: for=203.0.113.9'],
    ['Via: 1.1 proxy'],
  ])('is refused to whom a proxy on this computer brings: %s', (header) => {
    expect(refused(`Host: 127.0.0.1:8088 | ${header}`)).toBe(403);
  });

  it('is refused to the address of a proxy, whatever it says', () => {
    const isProxy = (address: string) => address === '127.0.0.1';
    expect(refused('Host: 127.0.0.1:8088', '127.0.0.1', { isProxy })).toBe(403);
    expect(refused('Host: 127.0.0.1:8088', '127.0.0.2', { isProxy })).toBeUndefined();
  });
});

describe('a page for other computers', () => {
  const access = { hosts: ['pbx.example', '172.16.0.184'], token: 'long-enough-token' };
  const other = '172.16.0.9';

  it.each([['pbx.example:8088'], ['PBX.example'], ['172.16.0.184:8088']])('wants its token: %s', (host) => {
    expect(refused(`Host: ${host}`, other, access)).toBe(401);
    expect(refused(`Host: ${host} | ${basic('another-token-1')}`, other, access)).toBe(401);
    expect(refused(`Host: ${host} | ${basic('')}`, other, access)).toBe(401);
    expect(refused(`Host: ${host} | ${basic(access.token)}`, other, access)).toBeUndefined();
  });

  it('is served under its names only, with any token', () => {
    expect(refused(`Host: evil.example | ${basic(access.token)}`, other, access)).toBe(403);
    expect(refused(`Host: 172.16.0.185 | ${basic(access.token)}`, other, access)).toBe(403);
  });

  it('is served under any address where one is as good as another, and under no other name', () => {
    const any = { ...access, hosts: ['0.0.0.0'] };
    expect(refused(`Host: 172.16.0.185:8088 | ${basic(access.token)}`, other, any)).toBeUndefined();
    expect(refused(`Host: [fe80::1]:8088 | ${basic(access.token)}`, other, any)).toBeUndefined();
    expect(refused(`Host: evil.example | ${basic(access.token)}`, other, any)).toBe(403);
  });

  it('is refused to a page of another site, with the right token', () => {
    const headers = `Host: pbx.example | ${basic(access.token)} | Sec-Fetch-Site: cross-site`;
    expect(refused(headers, other, access)).toBe(403);
  });

  it.each([['localhost:8088'], ['127.0.0.1:8088'], ['pbx.example']])(
    'wants its token of this computer, too, through which a forwarder may bring anybody: %s',
    (host) => {
      expect(refused(`Host: ${host}`, '127.0.0.1', access)).toBe(401);
      expect(refused(`Host: ${host} | ${basic(access.token)}`, '127.0.0.1', access)).toBeUndefined();
    },
  );
});
