import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PhoneSettings } from '../../src/protocol/settings.ts';
import { evaluateTarget } from '../../src/targets/evaluate.ts';
import { parseTarget, VIRTUAL } from '../../src/targets/expression.ts';
import { createUniverse } from '../../src/targets/inventory.ts';
import { failure } from '../protocol/failure.ts';
import { inventory, OFFICE } from './inventory.ts';

function namesOf(target: string, phones = OFFICE): readonly string[] {
  const selected = evaluateTarget(parseTarget(target), createUniverse(phones)).values();
  return [...selected].map((phone) => (phone === VIRTUAL ? VIRTUAL : (phone.name ?? phone.host)));
}

it('an address takes the pin and the MAC of its phone along, however it is written', () => {
  const tls = { fingerprint: 'AA:BB' };
  const mac = '80:82:87:04:6B:C2';
  const lab = { host: '10.0.0.9', scheme: 'https', mac, tls: { ...tls, insecure: true } } as const;
  const [phone] = evaluateTarget(parseTarget('http://10.0.0.9'), createUniverse(inventory({ lab }))).values();
  expect(phone).toEqual({ host: 'http://10.0.0.9', mac, tls });
});

describe('an address gets nothing over http that is for a phone with a pin', () => {
  const pin = (fingerprint: string) => ({ tls: { fingerprint } });
  const phones = inventory({
    // A second name without a pin, before it.
    open: 'http://10.0.0.1',
    pinned: { host: 'https://10.0.0.1', ...pin('AA') },
    plain: 'https://10.0.0.2',
    exact: { host: 'https://10.0.0.2', ...pin('BB') },
    far: { host: '10.0.0.3', scheme: 'https', port: 8443, mac: 'M', ...pin('CC') },
    'nat-1': { host: '10.0.0.4:8001', mac: 'N' },
    'nat-2': { host: 'https://10.0.0.4:8002', mac: 'O', ...pin('DD') },
    'nat-3': { host: 'https://10.0.0.4:8003', mac: 'O', ...pin('EE') },
    both: { host: '10.0.0.5', mac: 'P' },
    side: { host: 'https://10.0.0.5:8443', mac: 'P', ...pin('FF') },
  });
  it.each([
    ['10.0.0.1', { name: 'pinned', ...pin('AA') }],
    ['http://10.0.0.1', pin('AA')],
    ['https://10.0.0.1', { name: 'pinned', ...pin('AA') }],
    ['10.0.0.1:443', { name: 'pinned', ...pin('AA') }],
    ['10.0.0.1:80', pin('AA')],
    ['https://10.0.0.2', { name: 'exact', ...pin('BB') }],
    ['http://10.0.0.2', pin('BB')],
    ['10.0.0.3', { mac: 'M', ...pin('CC') }],
    ['http://10.0.0.3', { mac: 'M', ...pin('CC') }],
    ['https://10.0.0.3', { mac: 'M', ...pin('CC') }],
    ['10.0.0.3:80', { mac: 'M', ...pin('CC') }],
    // With a port, it is the web server there, such as that of another phone behind NAT.
    ['http://10.0.0.3:8080', {}],
    ['10.0.0.4:8001', { name: 'nat-1', mac: 'N' }],
    ['10.0.0.4', pin('DD')],
    ['http://10.0.0.4', pin('DD')],
    ['10.0.0.5', { name: 'both', mac: 'P' }],
    ['https://10.0.0.5', { mac: 'P', ...pin('FF') }],
    ['10.0.0.6', {}],
  ])('%s', (word, known) => {
    const [phone] = evaluateTarget(parseTarget(word), createUniverse(phones)).values();
    const { host: _, scheme: __, port: ___, ...rest } = phone as PhoneSettings;
    expect(rest).toEqual(known);
  });
});

describe('a target selects', () => {
  it.each([
    ['lobby', 'lobby'],
    ['lobby,lab-[01-02],lobby', 'lobby lab-01 lab-02'],
    ['lab-1?', 'lab-10 lab-11 lab-12'],
    ['lab-*&lab-0*!lab-[01-07]', 'lab-08 lab-09'],
    ['l*b*', 'lobby lab-01 lab-02 lab-03 lab-04 lab-05 lab-06 lab-07 lab-08 lab-09 lab-10 lab-11 lab-12'],
    ['@model:a48', 'reception secure'],
    [
      '@model:A4x',
      'reception lab-01 lab-02 lab-03 lab-04 lab-05 lab-06 lab-07 lab-08 lab-09 lab-10 lab-11 lab-12 secure',
    ],
    ['@model:A48&lobby', ''],
    ['@spare', ''],
    ['@model:a41&@row-2', 'lab-07 lab-08 lab-09 lab-10 lab-11 lab-12'],
    ['@all!lab-*', 'reception lobby secure v6'],
    ['@house&@row-[1-2]!lab-[01-11]', 'lab-12'],
    ['@floor1', 'reception lobby'],
    ['@demo,lobby', 'virtual lobby'],
    ['virtual!virtual', ''],
    // From left to right: what is taken away may be added again.
    ['lobby!lobby,lobby', 'lobby'],
    ['lobby,v6&v6', 'v6'],
    ['lobby,v6!lobby,reception', 'v6 reception'],
    // A phone is told by its address, whatever it is called by.
    ['172.16.0.37', 'lobby'],
    ['http://172.16.0.37:80,lobby', 'lobby'],
    ['https://172.16.0.60:8443', 'secure'],
    ['http://172.16.0.60:8443', 'http://172.16.0.60:8443'],
    ['172.16.0.60:8443', 'secure'],
    ['http://172.16.0.60:8443,secure', 'http://172.16.0.60:8443'],
    ['[FE80::1]:8080', 'v6'],
    ['fe80:0:0::1,[fe80::0001]:8080', 'fe80:0:0::1 v6'],
    ['[::1]:9100,[::0001]:9100,[0::1]:9100', '[::1]:9100'],
    ['[::ffff:172.16.0.37],lobby', 'lobby'],
    ['Phone.Example,phone.example.,http://PHONE.example:80/,https://phone.example', 'Phone.Example'],
    ['lobby!https://172.16.0.37', ''],
    ['172.16.0.37:443,lobby', '172.16.0.37:443'],
    ['[::1]:7001', '[::1]:7001'],
    ['10.0.0.[112-114]', 'lab-12 10.0.0.113 10.0.0.114'],
    ['lab-*!10.0.0.[101-111]', 'lab-12'],
    ['lobby!10.9.9.9', 'lobby'],
    ['lobby,a.example!a.example', 'lobby'],
    ['lobby,a.example:8080!a.example', 'lobby'],
    // Its port is in the config alone.
    ['lobby,v6,secure!172.16.0.60![fe80::1]', 'lobby'],
    ['lobby,v6,secure!http://172.16.0.60', 'lobby v6'],
    ['lobby,v6,secure!https://172.16.0.60:443![fe80::1]:80', 'lobby v6 secure'],
    ['lobby,a.example!a.example!a.example', 'lobby'],
    ['10.9.9.9,10.9.9.9:8080,lobby!10.9.9.9', 'lobby'],
    ['lobby,172.16.0.37:8080,secure!172.16.0.37', 'secure'],
    ['lobby,172.16.0.37:8080,secure!lobby', '172.16.0.37:8080 secure'],
    ['lobby,172.16.0.37:8080,secure!@bare', 'secure'],
    ['@bare,lobby,172.16.0.37:8080!@bare', ''],
    ['lobby,172.16.0.37:8080,secure!@butBare', 'lobby'],
    ['10.9.9.9:8081,10.9.9.9:8080,lobby!10.9.9.9', 'lobby'],
    ['10.9.9.9:8080,172.16.0.37:8080!lobby', '10.9.9.9:8080 172.16.0.37:8080'],
    ['localhost,phone.example,http://phone', 'localhost phone.example http://phone'],
  ])('%s', (target, expected) => {
    expect(namesOf(target).join(' ')).toBe(expected);
  });

  it('a phone by its URL whose host is the name of another phone, and calls it so', () => {
    const office = inventory({ lobby: '10.0.0.1', 'lobby.example': '10.0.0.2', localhost: '127.0.0.1:7301' });
    expect(namesOf('lobby,http://lobby,lobby:81', office)).toEqual(['lobby', 'http://lobby', 'lobby:81']);
    expect(namesOf('HTTP://Lobby.Example:80', office)).toEqual(['http://lobby.example']);
    expect(namesOf('localhost,http://localhost', office)).toEqual(['localhost', 'http://localhost']);
  });

  it('phones of two names once, by the name that came first', () => {
    const twice = inventory({ front: '10.0.0.1', door: 'http://10.0.0.1:80', back: '10.0.0.2' });
    expect(namesOf('@all', twice)).toEqual(['front', 'back']);
    expect(namesOf('door,front', twice)).toEqual(['door']);
    expect(namesOf('10.0.0.1', twice)).toEqual(['front']);
    expect(namesOf('@all!door', twice)).toEqual(['back']);
  });
});

describe('errors', () => {
  it.each<[string, string, RegExp, RegExp]>([
    ['receptoin', 'unknown-phone', /"receptoin"/, /did you mean reception\?/],
    ['virtaul', 'unknown-phone', /"virtaul"/, /did you mean virtual\?/],
    ['floor1', 'unknown-phone', /"floor1"/, /did you mean @floor1\?/],
    ['zzz', 'unknown-phone', /"zzz"/, /reception, lobby, lab-01/],
    ['lab-[10-15]', 'unknown-phone', /"lab-\[13-15\]"/, /did you mean lab-\[10-12\]\?/],
    ['lab-[01-13]', 'unknown-phone', /"lab-13"/, /did you mean lab-\[01-12\]\?/],
    ['lba-[01-12]', 'unknown-phone', /"lba-\[01-12\]"/, /did you mean lab-01\?/],
    ['lab-[1-3]', 'unknown-phone', /"lab-\[1-3\]"/, /lab-/],
    ['lobby!recepton', 'unknown-phone', /"recepton"/, /reception/],
    ['lobby&recepton', 'unknown-phone', /"recepton"/, /reception/],
    ['lobby!lba-*', 'nothing-matched', /"lba-\*" selects no phone/, /lab-01/],
    ['lab-0?,lba-*', 'nothing-matched', /"lba-\*"/, /lab-01/],
    ['*-[01-13]', 'nothing-matched', /"\*-13"/, /lab-01/],
    ['10.0.0.*', 'nothing-matched', /10\.0\.0\.\*/, /lab-01/],
    ['@flor1', 'unknown-group', /no group "@flor1"/, /did you mean @floor1\?/],
    ['@al', 'unknown-group', /"@al"/, /@all/],
    ['@', 'unknown-group', /"@"/, /@/],
    ['@x:y', 'unknown-group', /"@x:y"/, /@floor1, @row-1/],
    ['999.1.1.1', 'invalid-address', /999/, /host:port/],
    ['http://10.0.0.5/x?key=HOLD', 'invalid-address', /key=HOLD/, /path/],
    ['@self', 'usage', /^@self: @self: a group cannot contain itself$/, /config/],
    ['@a', 'usage', /^@a: @b: @c: @a: a group cannot contain itself$/, /config/],
    ['@wrong', 'usage', /^@wrong: no phone is called "receptoin"$/, /did you mean reception\?/],
    ['@stale', 'usage', /^@stale: there is no group "@old"$/, /@/],
  ])('%s', (target, code, message, hint) => {
    const error = failure(() => namesOf(target));
    expect(error).toMatchObject({ code, exitCode: 2 });
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
  });

  it('keeps the cause of an error in a group', () => {
    expect(failure(() => namesOf('@wrong')).cause).toMatchObject({ code: 'unknown-phone' });
  });
});

describe('laws', () => {
  const word = fc.constantFrom(
    'lobby',
    'reception',
    'lab-*',
    'lab-[03-08]',
    '@row-1',
    '@model:A48',
    '@all',
    'virtual',
    '10.0.0.[105-115]',
    'lab-0?',
    'secure',
  );
  const same = (one: readonly string[], other: readonly string[]) => {
    expect(new Set(one)).toEqual(new Set(other));
  };

  it('of one set', () => {
    fc.assert(
      fc.property(word, (a) => {
        expect(namesOf(`${a}!${a}`)).toEqual([]);
        expect(namesOf(`${a}&${a}`)).toEqual(namesOf(a));
        expect(namesOf(`${a},${a}`)).toEqual(namesOf(a));
      }),
    );
  });

  it('of two sets', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        same(namesOf(`${a},${b}`), namesOf(`${b},${a}`));
        same(namesOf(`${a}&${b}`), namesOf(`${b}&${a}`));
        same(namesOf(`${a}!${b},${b}`), namesOf(`${a},${b}`));
        expect(namesOf(`${a}!${b}&${b}`)).toEqual([]);
      }),
    );
  });

  it('of three sets, from left to right', () => {
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        same(namesOf(`${a},${b},${c}`), namesOf(`${c},${a},${b}`));
        same(namesOf(`${a}!${b}!${c}`), namesOf(`${a}!${c}!${b}`));
        same(namesOf(`${a},${b}&${c}`), [...namesOf(`${a}&${c}`), ...namesOf(`${b}&${c}`)]);
      }),
    );
  });

  it('of members: each once', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const found = namesOf(`${a},${b}`);
        expect(found).toHaveLength(new Set(found).size);
      }),
    );
  });
});
