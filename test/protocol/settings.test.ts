import { expect, it } from 'vitest';
import type { Endpoint } from '../../src/protocol/command-url.ts';
import {
  DEFAULT_TIMEOUT,
  endpointOf,
  eventNamesOf,
  type PhoneSettings,
} from '../../src/protocol/settings.ts';
import { codeOf } from './failure.ts';

const path = '/cgi-bin/server.cgi';

it.each<[PhoneSettings, Endpoint]>([
  [{ host: '172.16.0.57' }, { scheme: 'http', host: '172.16.0.57', port: undefined, path }],
  [{ host: 'https://p:8443' }, { scheme: 'https', host: 'p', port: 8443, path }],
  [{ host: '[::1]:8080' }, { scheme: 'http', host: '::1', port: 8080, path }],
  [
    { host: 'p', scheme: 'https', port: 1 },
    { scheme: 'https', host: 'p', port: 1, path },
  ],
  [
    { host: 'http://p:1', scheme: 'https', port: 2 },
    { scheme: 'https', host: 'p', port: 2, path },
  ],
  [
    { host: 'p', path: '/servlet' },
    { scheme: 'http', host: 'p', port: undefined, path: '/servlet' },
  ],
])('%j listens at %j', (settings, endpoint) => {
  expect(endpointOf(settings)).toEqual(endpoint);
});

it('refuses a host that is no address', () => {
  expect(codeOf(() => endpointOf({ host: 'p/servlet' }))).toBe('invalid-address');
});

it('gives a request five seconds', () => {
  expect(DEFAULT_TIMEOUT).toBe(5000);
});

it('reads an address once, however often it is asked for', () => {
  const settings = { host: '127.0.0.1:7001' };
  expect(endpointOf(settings)).toBe(endpointOf(settings));
});

it.each<[PhoneSettings, readonly string[]]>([
  [{ host: '10.0.0.1' }, ['10.0.0.1', '10.0.0.1']],
  [{ host: 'https://10.0.0.1' }, ['https://10.0.0.1', '10.0.0.1']],
  [{ host: 'lobby:81', name: 'reception' }, ['reception', 'lobby:81']],
  // The host is the name of another phone.
  [{ host: 'http://lobby:80', name: 'http://lobby' }, ['http://lobby', 'http://lobby']],
])('%j is known in events as %j', (settings, names) => {
  expect(eventNamesOf(settings)).toEqual(names);
});
