import { posix, win32 } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PRESS_FORMATS, SCENARIO_FORMATS } from '../../src/cli/reports/index.ts';
import { quote, withoutPassword, withoutPasswords } from '../../src/errors/passwords.ts';

describe('a word without its password', () => {
  it.each([
    ['http://u:hunter2@h', 'http://…@h'],
    ['junit:/srv/http://u:hunter2@h', 'junit:/srv/http://…@h'],
    ['json:hunter2@h', '…@h'],
    ['https://u:hunter2@h:8080/x?y=z', 'https://…@h:8080/x?y=z'],
    ['http://hunter2@h', 'http://…@h'],
    ['http://u:hunt/er2@h', 'http://…@h'],
    ['http://u:hunter2@x@h', 'http://…@h'],
    ['http://u:hunter2 and more@h', 'http://…@h'],
    ['--to=http://u:hunter2@h', '--to=http://…@h'],
    ['10.0.0.1,http://u:hunter2@h', '10.0.0.1,http://…@h'],
    ['sip:6001@pbx,http://u:hunter2@h', 'sip:6001@pbx,http://…@h'],
    ['u:hunter2@h', '…@h'],
    ['http://u:hunter2!@h', 'http://…@h'],
    ['http://u:hunt,er2&@h', 'http://…@h'],
    ['http://u:hunt!er2@h', 'http://…@h'],
    ['http://u:hunter2 @h', 'http://…@h'],
    ['lobby,u:hunter2!@h', 'lobby,…@h'],
    ['/home/me/http:/u:hunter2!@h', '/home/me/http:/…@h'],
    ['sip:6001:hunter2!@pbx', 'sip:…@pbx'],
    ['me@example.org:hunter2@h', '…@h'],
    ['http://me@example.org:hunter2!@h', 'http://…@h'],
    ['u:2@h,10.0.0.1:80,@floor1', '…@h,10.0.0.1:80,@floor1'],
    ['u%3Ahunter2@h', '…@h'],
    ['/home/me/http:/u:hunter2@h', '/home/me/http:/…@h'],
    ['/home/me/https:/hunter2@h/x.yaml', '/home/me/https:/…@h/x.yaml'],
    ['/home/me@work/HTTPS:/hunter2@h', '/home/me@work/HTTPS:/…@h'],
    ['/home/me/ftp:/hunter2@h', '/home/me/ftp:/…@h'],
    ['https:/hunter2@h', 'https:/…@h'],
    ['https:///hunter2@h', 'https:///…@h'],
    ['/home/me/https:/hunter2%40h', '/home/me/https:/…%40h'],
    ['/home/me/git+https:/hunter2@h', '/home/me/…@h'],
    ['C:\\Users\\me@work\\https:\\hunter2@h\\x.yaml', 'C:\\Users\\me@work\\https:\\…@h\\x.yaml'],
    ['sip:6001:hunter2@pbx', 'sip:…@pbx'],
    ['sip:6001:hunter2%40pbx', 'sip:…%40pbx'],
    ['sip%3A6001%3Ahunter2%40pbx', 'sip%3A…%40pbx'],
    ['callto:6001:hunter2%40pbx', 'callto:…%40pbx'],
    ['tel:6001:hunter2%2540pbx', 'tel:…%2540pbx'],
    ['uri:sip:6001:hunter2%40pbx', 'uri:sip:…%40pbx'],
    ['http://u:hunter2%4010.0.0.1', 'http://…%4010.0.0.1'],
    ['http://u:1@h,http://u:hunter2%40h', 'http://…%40h'],
    ['http://hunter2%2Fx%3Ay@h', 'http://…@h'],
    ['http://h/?to=sip%3A6001%3Ahunter2%40pbx', 'http://h/?to=sip%3A…%40pbx'],
    ['http://u%3Ahunter2%40h%23%23vso[x]%7f', 'http://…%40h%23%23vso[x]%7f'],
    ['%41%42,http://u:hunter2%40h%0a%25', '%41%42,http://…%40h%0a%25'],
    ['sip::hunter2@pbx', 'sip:…@pbx'],
    ['sip:%3Ahunter2@pbx', 'sip:…@pbx'],
    ...['&', ',', '!', "'", '"a"', '6040&', '[::1]', '@6040', '6040&@x', '6040@[::1]'].map((user) => [
      `--to=sip:${user}:hunter2@pbx`,
      '--to=sip:…@pbx',
    ]),
    ['sip:6040&%3Ahunter2!@pbx', 'sip:…@pbx'],
    [':hunter2@pbx', '…@pbx'],
    ['%3Ahunter2@pbx', '…@pbx'],
    ['tel::hunter2@pbx', 'tel:…@pbx'],
    ['u&:hunter2@h', 'u&…@h'],
    [':hunter2!@h', '…@h'],
    ['u%3Ahunter2!@h', '…@h'],
    ['http://u%3Ahunter2!@h', 'http://…@h'],
    ['<sips:6001:hunter2@pbx>', '<sips:…@pbx>'],
    ['ftp://u:hunter2@h', 'ftp://…@h'],
    ['http://u:24/7hunter2@h', 'http://…@h'],
    ['http://u:24/7hunter2!@h', 'http://…@h'],
    ['http://u:24/7hunter2@h?to=sip:6001@pbx', 'http://…@pbx'],
    ['http://:hunter2/x@h', 'http://…@h'],
    ['http://:hunter2!@h', 'http://…@h'],
    ['http://:a#hunter2@h', 'http://…@h'],
    ['u:24/7hunter2@h', '…@h'],
    ['u:80,hunter2@h', '…@h'],
    ['u:/hunter2@h', '…@h'],
    ['"u:hunter2!@h', '"…@h'],
    ['//u:80/hunter2@h', '//…@h'],
    ['sip:6001:24/7hunter2@pbx', 'sip:…@pbx'],
    ['sip:6001:24/7hunter2!@pbx', 'sip:…@pbx'],
    ['sips:6001:/hunter2@pbx', 'sips:…@pbx'],
  ])('%s is shown as %s, however often', (word, shown) => {
    expect(withoutPassword(word)).toBe(shown);
    expect(withoutPassword(shown)).toBe(shown);
  });

  it.each([
    'sip:6040@pbx',
    '<sip:6040@pbx:5060;transport=tcp>',
    'uri:sip:6040@pbx',
    'mailto:somebody@example.org',
    '/srv/share:lab@nas/atcom.config.yaml',
    "'/srv/share:lab@nas/x",
    ...[...PRESS_FORMATS, ...SCENARIO_FORMATS].map((format) => `${format}:/srv/share:lab@nas/r`),
    '--report=junit:./a:b@c/r.xml',
    './a:b@c/x.yaml:3:',
    '--config=~/a:b@c/x.yaml',
    'somebody@example.org',
    'http://10.0.0.1:8088/offHook?remote=sip:6001@pbx',
    'http://10.0.0.1:8088/x?name=lobby&remote=sip:6001@pbx',
    'http://10.0.0.1:8088,@floor1',
    'http://10.0.0.1:8088/,@floor1',
    '"10.0.0.1:9100,@floor1"',
    '"fe80::1,@floor1"',
    '::1,@floor1',
    'lobby,::1!@floor1',
    'sip:6040@pbx,sip:6041@pbx',
    'C:/Users/me@work/atcom.config.yaml',
    '10.0.0.1:9100,@floor1!@floor2',
    '[fe80::1]:80,@floor1',
    '2001:db8::1,@floor1',
    'https://[fe80::1]:443!@floor1',
    'http://10.0.0.1:8088!@floor1',
    'http://10.0.0.1,@model:A48!@floor1',
    'lobby!@floor1 & @model:A48',
    'fe80::1,@floor1',
    '@model:A48,@floor1',
    'C:\\Users\\me@work\\atcom.config.yaml',
  ])('%s has none', (word) => {
    expect(withoutPassword(word)).toBe(word);
  });

  it('is quoted, and cut only afterwards', () => {
    expect(quote(`http://u:${'x'.repeat(80)}@h`)).toBe('"http://…@h"');
    expect(quote('x'.repeat(61))).toBe(`"${'x'.repeat(60)}…"`);
  });
});

it.each(
  ['https://', 'HTTP://', 'ftp://', 'https:/', 'https:///', './https://', 'git+https://', 'ssh://'].flatMap(
    (before) =>
      ['hunter2@h/x.yaml', 'hunter2@h:8443', 'u:hunter2@h/', ':hunter2@h', 'hunter2%40h/a@b'].map(
        (rest) => before + rest,
      ),
  ),
)('%s loses its secret, also as the path that is made of it', (word) => {
  for (const folder of ['/', '/home/me', '/home/me@work/a b', '/srv/a:b@c'])
    for (const path of [word, posix.resolve(folder, word), win32.resolve('C:\\Users\\me', word)])
      expect(withoutPasswords(`error: ${path} cannot be read, "${path}"`)).not.toContain('hunter2');
});

it('a text loses the passwords of its words, and nothing else', () => {
  const text =
    'a.txt:3: "http://u:my hunter2@h" is no key\n  dial 6040 --to http://u:hunter2@h # sip:6001@pbx 10:30';
  expect(withoutPasswords(text)).toBe(
    'a.txt:3: "http://…@h" is no key\n  dial 6040 --to http://…@h # sip:6001@pbx 10:30',
  );
  expect(withoutPasswords({ words: ['u:hunter2@h', 1], more: { none: undefined } })).toEqual({
    words: ['…@h', 1],
    more: { none: undefined },
  });
});

// Work that grew with the square of the length would not end before the test does.
it.each([
  '/a',
  '/a:/',
  '"\\',
  'a@',
  '://',
  '://a:b',
  '://a:1/',
  '?a=sip:',
  'a:/',
  'sip:',
  '@x ',
  '"x@',
  'a:b@ ',
  'sip:@,',
  '%3a,',
  'http:/',
  'http:/\\',
  'ssh://',
  'a.b-c+',
])('a long text of %j takes no time', (piece) => {
  const text = `${piece.repeat(500_000)}@`;
  expect(withoutPasswords(text).length).toBeGreaterThan(0);
  expect(withoutPassword(text).length).toBeGreaterThan(0);
});
