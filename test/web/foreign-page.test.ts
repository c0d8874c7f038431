import { describe, expect, it } from 'vitest';
import { isForeignHost, isOfForeignPage, isPublicName } from '../../src/web/foreign-page.ts';

const host = '127.0.0.1:8088';

describe('a page of another site', () => {
  it.each([
    ['a picture of any page', { host, 'sec-fetch-site': 'cross-site' }],
    ['one of another port of this computer', { host, 'sec-fetch-site': 'same-site' }],
    ['what no browser says today', { host, 'sec-fetch-site': 'sibling-site' }],
    ['two of them', { host, 'sec-fetch-site': ['same-origin', 'cross-site'] }],
    ['an old browser that posts', { host, origin: 'http://evil.example' }],
    ['a page without an origin', { host, origin: 'null' }],
    ['an origin that is none', { host, origin: '' }],
    ['another port', { host, origin: 'http://127.0.0.1:3000' }],
    ['a name that begins like ours', { host, origin: 'http://127.0.0.1:8088.evil.example' }],
    ['no host', { origin: 'http://127.0.0.1:8088' }],
    ['no host and no origin that is one', { origin: 'null' }],
    ['an old browser that shows a picture', { host, referer: 'http://evil.example/page' }],
    [
      'a page that says the one and is the other',
      { host, origin: 'http://evil.example', referer: `http://${host}/` },
    ],
  ])('is %s', (_, headers) => {
    expect(isOfForeignPage(headers)).toBe(true);
  });

  it.each([
    ['a phone', {}],
    ['a phone with a host', { host }],
    ['what a person typed', { host, 'sec-fetch-site': 'none' }],
    ['a page of the server itself', { host, 'sec-fetch-site': 'same-origin', origin: `http://${host}` }],
    ['its pictures', { host, referer: `http://${host}/board?x=1` }],
    ['whatever the case', { host: 'LocalHost:8088', origin: 'http://localhost:8088' }],
  ])('is not %s', (_, headers) => {
    expect(isOfForeignPage(headers)).toBe(false);
  });
});

describe('another host', () => {
  it.each([
    'evil.example',
    'evil.example:8088',
    'localhost.evil.example',
    '127.0.0.1.nip.io',
    'localhost@evil.example',
    'evil.example#.localhost',
    '192.0.2.1:8088',
    '[2001:db8::1]:8088',
    // To these, browsers send no Sec-Fetch-Site, although they reach this computer.
    '[::ffff:127.0.0.1]:8088',
    '[::ffff:7f00:1]:8088',
    'phones.example:80',
    '',
    'a b',
  ])('is %j', (name) => {
    expect(isForeignHost(name, new Set(['phones.example:8088']))).toBe(true);
  });

  it.each([
    undefined,
    'localhost',
    'LOCALHOST:8088',
    '127.0.0.1:8088',
    '127.55.0.1',
    '[::1]:8088',
    'Phones.Example:8088',
  ])('is not %j', (name) => {
    expect(isForeignHost(name, new Set(['phones.example:8088']))).toBe(false);
  });
});

describe('a name that a page of another site may have made its own', () => {
  it.each([
    'evil.example',
    'Evil.example.:7001',
    '127.0.0.1.nip.io',
    'localhost.evil.example',
    '',
    'a b',
    'x@10.0.0.1.evil.example',
  ])('is %j', (name) => {
    expect(isPublicName(name, 'phones.example')).toBe(true);
  });

  it.each([
    undefined,
    '10.9.9.9',
    '10.9.9.9:7001',
    '[2001:db8::1]:7001',
    'localhost:7001',
    'sim.localhost',
    'phones:7001',
    'Phones.Example:7001',
  ])('is not %j', (name) => {
    expect(isPublicName(name, 'phones.example')).toBe(false);
  });
});
