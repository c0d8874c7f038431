import { describe, expect, it } from 'vitest';
import {
  type Address,
  commandPath,
  commandUrl,
  DEFAULT_PATH,
  type Endpoint,
  hostText,
  originOf,
  parseAddress,
  webServerOf,
} from '../../src/protocol/command-url.ts';
import { failure } from './failure.ts';

describe('an address', () => {
  it.each<[string, Address]>([
    ['172.16.0.57', { host: '172.16.0.57' }],
    ['172.16.0.57:8080', { host: '172.16.0.57', port: 8080 }],
    ['phone', { host: 'phone' }],
    ['p', { host: 'p' }],
    ['lab_1.example.org', { host: 'lab_1.example.org' }],
    ['Lab-01:1', { host: 'lab-01', port: 1 }],
    ['phone:65535', { host: 'phone', port: 65_535 }],
    ['phone/', { host: 'phone' }],
    ['http://phone', { host: 'phone', scheme: 'http' }],
    ['https://phone:8443/', { host: 'phone', port: 8443, scheme: 'https' }],
    ['HTTPS://phone', { host: 'phone', scheme: 'https' }],
    ['::1', { host: '::1' }],
    ['[::1]', { host: '::1' }],
    ['[fe80::1]:80', { host: 'fe80::1', port: 80 }],
    ['https://[2001:DB8::57]:8443', { host: '2001:db8::57', port: 8443, scheme: 'https' }],
    ['2001:db8:0:0:0:0:0:57', { host: '2001:db8::57' }],
    ['::ffff:172.16.0.57', { host: '172.16.0.57' }],
    ['[::FFFF:ac10:0039]:80', { host: '172.16.0.57', port: 80 }],
    ['::ffff:0:172.16.0.57', { host: '::ffff:0:ac10:39' }],
    ['::172.16.0.57', { host: '::ac10:39' }],
    ['64:ff9b::172.16.0.57', { host: '64:ff9b::ac10:39' }],
    ['phone.', { host: 'phone' }],
    ['http://Lab.Example.org./', { host: 'lab.example.org', scheme: 'http' }],
    ['172.16.0.57.:8080', { host: '172.16.0.57', port: 8080 }],
    ['beef:1234', { host: 'beef', port: 1234 }],
  ])('%s', (text, address) => {
    expect(parseAddress(text)).toEqual(address);
  });

  it.each([
    '',
    ' ',
    ':',
    ':80',
    '::1::2',
    'cafe:123456',
    'a:b',
    'phone:',
    'phone:0',
    'phone:65536',
    'phone:80:80',
    'phone:x',
    '999.1.1.1',
    'xn--',
    '-phone',
    'phone-',
    '.',
    'phone..',
    '0.0.0.0',
    '::',
    '[0::0]:80',
    '::ffff:0.0.0.0',
    '[phone]',
    '[172.16.0.57]',
    '[]',
    '[::1',
    '::1]',
    '[::1%eth0]',
    '[::1]x',
    'fe80::1%25eth0',
    'ftp://phone',
    'http:phone',
    'http://',
    '//phone',
    'phone/servlet',
    'phone?key=REBOOT',
    'phone#x',
    'phone\\x',
    'phone\r\nHost: x',
    'phone\n',
    'pho ne',
    ' phone',
    'phone%00',
    'phöne',
    'phone;x',
    'a&b',
    '[::1]\r\n:80',
  ])('%j is none', (text) => {
    const error = failure(() => parseAddress(text));
    expect(error.code).toBe('invalid-address');
    expect(error.details).toEqual({ input: text });
  });

  it.each([
    ['http://admin:secret@172.16.0.57', 'http://…@172.16.0.57'],
    ['HTTPS://admin:secret@phone:1/x', 'HTTPS://…@phone:1/x'],
    ['http://admin:se@cret@phone', 'http://…@phone'],
    ['http://admin:se//cret@phone', 'http://…@phone'],
    ['http://admin:se\ncret@phone', 'http://…@phone'],
    ['admin:secret@phone', '…@phone'],
    ['//admin:secret@phone', '//…@phone'],
  ])('%j is refused without repeating the password', (text, shown) => {
    const error = failure(() => parseAddress(text));
    expect(error.details).toEqual({ input: shown });
    expect(JSON.stringify([error, error.message, error.hint])).not.toMatch(/admin|cret/);
  });
});

describe('a URL', () => {
  const endpoint: Endpoint = { scheme: 'http', host: '172.16.0.57', path: DEFAULT_PATH };

  it.each<[Partial<Endpoint>, string]>([
    [{}, 'http://172.16.0.57'],
    [{ port: 80 }, 'http://172.16.0.57'],
    [{ port: 443 }, 'http://172.16.0.57:443'],
    [{ port: 8080 }, 'http://172.16.0.57:8080'],
    [{ scheme: 'https' }, 'https://172.16.0.57'],
    [{ scheme: 'https', port: 443 }, 'https://172.16.0.57'],
    [{ scheme: 'https', port: 80 }, 'https://172.16.0.57:80'],
    [{ host: '::1' }, 'http://[::1]'],
    [{ host: '::1', port: 8080 }, 'http://[::1]:8080'],
  ])('has the origin of %j', (part, origin) => {
    expect(originOf({ ...endpoint, ...part })).toBe(origin);
    expect(hostText({ ...endpoint, ...part })).toBe(origin.replace(/^https?:\/\//, ''));
  });

  it('has key as its only parameter, and ; and * as they are', () => {
    expect(commandPath('/servlet', '*72;POUND')).toBe('/servlet?key=*72;POUND');
    expect(commandUrl(endpoint, 'LINEKEY2;6040;SEND')).toBe(
      'http://172.16.0.57/cgi-bin/server.cgi?key=LINEKEY2;6040;SEND',
    );
    expect(commandUrl({ scheme: 'https', host: '::1', port: 8443, path: '/servlet' }, '*')).toBe(
      'https://[::1]:8443/servlet?key=*',
    );
  });
});

it.each(['127.1', '127.0.0.01', '010.0.0.1', '2130706433', '0x7f000001', '127.1:7001', 'http://127.0.0.01'])(
  'refuses %s, another spelling of an address, by which one phone would be two',
  (text) => {
    expect(() => parseAddress(text)).toThrow(/is not the address of a phone/);
  },
);

it.each(['phone-1', 'a.1b', '127.0.0.1', 'lab1.example', 'x0x1'])('takes %s', (host) => {
  expect(parseAddress(host).host).toBe(host);
});

it.each<[Omit<Endpoint, 'path' | 'host'>, string]>([
  [{ scheme: 'http' }, 'phone'],
  [{ scheme: 'http', port: 80 }, 'phone'],
  [{ scheme: 'http', port: 443 }, 'phone'],
  [{ scheme: 'https' }, 'phone'],
  [{ scheme: 'https', port: 443 }, 'phone'],
  [{ scheme: 'https', port: 80 }, 'phone'],
  [{ scheme: 'http', port: 8443 }, 'phone:8443'],
  [{ scheme: 'https', port: 8443 }, 'phone:8443'],
])('%j is the web server %s', (endpoint, server) => {
  expect(webServerOf({ host: 'phone', ...endpoint })).toBe(server);
});
