import { describe, expect, it } from 'vitest';
import { mayMean } from '../../src/protocol/shared-name.ts';
import { whyUnknown } from '../../src/protocol/unknown-sender.ts';
import { Phonebook } from '../../src/receiver/index.ts';

const BOOK = new Phonebook([
  { name: 'lobby', host: '172.16.0.37', scheme: 'https' },
  { name: 'six', host: '[FE80:0::1]:8080' },
  { name: 'lab-1', host: '127.0.0.1:7001' },
  { name: 'lab-2', host: '127.0.0.1:7002' },
  { name: 'named', host: 'Phone.Example.org.', mac: '80-82-87-04-6b-c2' },
]);
const NOBODY = '10.9.9.9';

describe('a phone is named', () => {
  it.each([
    ['172.16.0.37', 'lobby'],
    ['172.16.0.37:80', 'lobby'],
    ['172.16.0.37:443', 'lobby'],
    ['::ffff:172.16.0.37', 'lobby'],
    ['fe80::0001', 'six'],
    ['[fe80:0:0::1]:8080', 'six'],
    ['127.0.0.1:7002', 'lab-2'],
    ['[::ffff:7f00:1]:7001', 'lab-1'],
    // Two phones share this address.
    ['127.0.0.1', '127.0.0.1 (shared)'],
    // Nobody has these; they are told in their one spelling.
    ['10.0.0.5', '10.0.0.5'],
    ['[0:0::5]', '[::5]'],
    // What is no address names nobody.
    ['beef', NOBODY],
    ['\u001b[2J', NOBODY],
    ['127.1', NOBODY],
    ['', NOBODY],
  ])('by ip=%j: %s', (ip, name) => {
    expect(BOOK.nameOf({ ip }, NOBODY)).toBe(name);
  });

  it.each([
    ['172.16.0.37', 'lobby'],
    ['::ffff:172.16.0.37', 'lobby'],
    ['fe80::1', 'six'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['127.0.0.1', '127.0.0.1 (shared)'],
  ])('by the source %s: %s', (source, name) => {
    expect(BOOK.nameOf({}, source)).toBe(name);
  });

  it('by its MAC address before all else', () => {
    expect(BOOK.nameOf({ mac: '80:82:87:04:6B:C2', ip: '172.16.0.37' }, NOBODY)).toBe('named');
  });
});

describe('a phone whose host is a name', () => {
  const [named, local] = [
    { name: 'lobby', host: 'lobby.example' },
    { name: 'lab', host: 'localhost:7001' },
  ];

  it('is known by its MAC address only', () => {
    for (const phones of [[named], [local, named]])
      expect(whyUnknown(phones)?.message).toBe(
        'lobby cannot report events: they come from addresses, and lobby.example is a name; nothing was sent',
      );
    const others = [
      { ...named, mac: '80:82:87:00:00:aa' },
      local,
      { host: '10.0.0.1' },
      { host: '[::1]:80' },
    ];
    expect(whyUnknown(others)).toBeUndefined();
  });

  it('is known by its addresses where it is on this computer', () => {
    const known = new Phonebook([named, local]);
    expect(known.nameOf({}, '127.0.0.1')).toBe('lab');
    expect(known.nameOf({ ip: '[::1]:7001' }, NOBODY)).toBe('lab');
    expect(mayMean('127.0.0.1 (shared)', local)).toBe(true);
  });
});

it('what has no sender any more may be of any phone', () => {
  expect(BOOK.nameOf({}, '')).toBe('');
  expect(mayMean('', { host: '10.0.0.1' })).toBe(true);
});

it('a phone is not the one of the config that has another MAC address', () => {
  const book = new Phonebook([
    { name: 'lobby', host: '10.0.0.1', mac: '80:82:87:00:00:aa' },
    { name: 'lab', host: '10.0.0.2' },
  ]);
  expect(book.nameOf({ mac: '8082870000BB' }, '10.0.0.1')).toBe('10.0.0.1 (shared)');
  expect(book.nameOf({ mac: '80-82-87-00-00-AA' }, '10.0.0.1')).toBe('lobby');
  // What is no MAC address says nothing.
  for (const mac of ['', '$mac', '80:82']) expect(book.nameOf({ mac }, '10.0.0.1')).toBe('lobby');
  expect(book.nameOf({ mac: '8082870000BB' }, '10.0.0.2')).toBe('lab');
});

describe('behind the address of a phone', () => {
  const book = new Phonebook([
    { name: 'gate', host: '10.0.0.1' },
    { name: 'lab', host: '192.168.1.7' },
  ]);

  it.each([
    ['192.168.1.9', '192.168.1.9 behind 10.0.0.1 (shared)'],
    ['192.168.1.7', 'lab'],
    ['10.0.0.1:8080', '10.0.0.1:8080'],
    ['', 'gate'],
  ])('what says ip=%j is %s', (ip, name) => {
    expect(book.nameOf({ ip }, '10.0.0.1')).toBe(name);
    expect(mayMean(name, { host: '10.0.0.1' })).toBe(name.endsWith('(shared)'));
    expect(mayMean(name, { host: '0.0.0.1' })).toBe(false);
  });
});

describe('what cannot be told apart is no phone', () => {
  const [a, b] = [
    { name: 'a', host: '10.0.0.1' },
    { name: 'b', host: '10.0.0.1:8080' },
  ];

  it('not even the one at the default port', () => {
    const book = new Phonebook([a, b]);
    expect(book.nameOf({}, '10.0.0.1')).toBe('10.0.0.1 (shared)');
    expect(book.nameOf({ ip: '10.0.0.1' }, NOBODY)).toBe('10.0.0.1 (shared)');
    expect(book.nameOf({ ip: '10.0.0.1:8080' }, '10.0.0.1')).toBe('b');
  });

  it('nor the one with the same MAC address', () => {
    const mac = '80:82:87:04:6B:C2';
    const book = new Phonebook([
      { ...a, mac },
      { name: 'c', host: '10.0.0.3', mac },
    ]);
    expect(book.nameOf({ mac }, NOBODY)).toBe(NOBODY);
    expect(book.nameOf({ mac }, '10.0.0.3')).toBe('c');
  });

  it('but a phone with two names is, by its host', () => {
    const mac = '80:82:87:04:6B:C2';
    const book = new Phonebook([b, { ...b, name: 'b2' }, { ...b, mac }, { ...b, name: 'b2', mac }]);
    expect(book.nameOf({}, '10.0.0.1')).toBe('10.0.0.1:8080');
    expect(book.nameOf({ mac }, NOBODY)).toBe('10.0.0.1:8080');
    const half = new Phonebook([
      { ...b, mac },
      { ...b, name: 'b2' },
    ]);
    expect(half.nameOf({ mac }, NOBODY)).toBe('10.0.0.1:8080');
    expect(new Phonebook([b, b]).nameOf({}, '10.0.0.1')).toBe('b');
  });
});
