import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldNodeset } from '../../src/targets/fold.ts';
import { resolveTargets, type TargetWords } from '../../src/targets/resolve.ts';
import { failure } from '../protocol/failure.ts';
import { inventory, OFFICE, told } from './inventory.ts';

const WITH_DEFAULT = { ...OFFICE, defaultTarget: 'lobby' };
const EMPTY = inventory({});
const ALL =
  'reception lobby lab-01 lab-02 lab-03 lab-04 lab-05 lab-06 lab-07 lab-08 lab-09 lab-10 lab-11 lab-12 secure v6';

/** Lines as a file holds them. */
const lines = (...texts: readonly string[]) => texts.map((text) => ({ text, place: 'phones.txt:1' }));

describe('selected phones', () => {
  it.each<[string, TargetWords, string]>([
    ['--to', { to: ['reception, lobby'] }, 'reception lobby'],
    ['--to repeated', { to: ['lobby', 'reception'] }, 'lobby reception'],
    ['a phone named twice', { to: ['lobby,lobby', 'lobby'] }, 'lobby'],
    ['a phone by name and by address', { to: ['lobby', '172.16.0.37'] }, 'lobby'],
    ['each --to on its own', { to: ['lobby', 'lab-[01-03]!lab-02'] }, 'lobby lab-01 lab-03'],
    [
      '--to that takes nothing from another',
      { to: ['lab-02', 'lab-[01-03]!lab-02'] },
      'lab-02 lab-01 lab-03',
    ],
    ['--all', { all: true }, ALL],
    ['ATCOM_TO over the default', { fallback: 'v6' }, 'v6'],
    ['the default', {}, 'lobby'],
    ['--to over both', { to: ['secure'], fallback: 'v6' }, 'secure'],
    ['an empty --to beside another', { to: ['', 'v6'] }, 'v6'],
    ['lines', { lines: lines('v6', 'lab-[01-02]') }, 'v6 lab-01 lab-02'],
    ['lines and --to', { to: ['lobby'], lines: lines('v6,lobby') }, 'lobby v6'],
    ['lines over ATCOM_TO', { lines: lines('v6'), fallback: 'secure' }, 'v6'],
    ['a virtual phone', { to: ['virtual,lobby'] }, 'lobby +virtual'],
    ['a virtual phone alone', { to: ['@demo'] }, '+virtual'],
    ['--exclude with --to', { to: ['lab-[01-03]'], exclude: ['lab-02'] }, 'lab-01 lab-03'],
    ['--exclude repeated', { to: ['lab-[01-03]'], exclude: ['lab-02', 'lab-03'] }, 'lab-01'],
    ['--exclude over a --to after it', { to: ['lab-[01-02]', 'lab-02'], exclude: ['lab-02'] }, 'lab-01'],
    ['--exclude by address', { to: ['lab-[01-02]'], exclude: ['10.0.0.102'] }, 'lab-01'],
    [
      '--exclude of an address beside another port of it',
      { to: ['lobby,secure'], exclude: ['172.16.0.60,172.16.0.60:9090'] },
      'lobby',
    ],
    ['--exclude of an address', { to: ['10.9.9.[1-2]'], exclude: ['10.9.9.1'] }, '10.9.9.2'],
    ['--exclude with --all', { all: true, exclude: ['lab-*', '@model:A48'] }, 'lobby v6'],
    ['--exclude with the default', { exclude: ['v6'] }, 'lobby'],
    [
      '--exclude of what is not aimed at',
      { to: ['lobby'], exclude: ['@spare', '172.16.0.60', '10.9.9.9'] },
      'lobby',
    ],
    ['--exclude of the virtual phone', { to: ['virtual,lobby'], exclude: ['virtual'] }, 'lobby'],
  ])('%s', (_, words, expected) => {
    expect(told(resolveTargets(words, WITH_DEFAULT))).toBe(expected);
  });

  it('is the phone with its settings', () => {
    expect(resolveTargets({ to: ['172.16.0.60:8443', 'https://172.16.0.60:8443'] }, OFFICE)).toEqual({
      phones: [OFFICE.phones.get('secure')],
      virtual: false,
    });
  });
});

describe('a name with a dot', () => {
  const FLOOR = inventory({ 'floor1.lobby': '10.0.0.1', 'floor1.lab': '10.0.0.2' });

  it.each(['floor1.loby', 'Floor1.lobby', 'floor1.lobby.', 'floor1.lobby:80', 'http://floor1.lobby'])(
    'that no phone has excludes none in silence: %s',
    (name) => {
      for (const words of [{ all: true, exclude: [name] }, { to: [`@all!${name}`] }])
        expect(() => resolveTargets(words, FLOOR)).toThrow(`no phone is called "${name}"`);
    },
  );

  it('that a group adds is no slip, also where it excludes nothing', () => {
    const doors = {
      ...FLOOR,
      groups: new Map([
        ['doors', 'a.example,b.example'],
        ['day', '@all!@doors'],
      ]),
    };
    for (const words of [
      { all: true, exclude: ['@doors', '@doors'] },
      { to: ['@day'], exclude: ['a.example'] },
    ])
      expect(told(resolveTargets(words, doors))).toBe('floor1.lobby floor1.lab');
    const slip = { ...FLOOR, groups: new Map([['quiet', '@all!floor1.loby']]) };
    expect(() => resolveTargets({ to: ['@quiet'] }, slip)).toThrow('no phone is called "floor1.loby"');
  });

  it('that a phone has excludes it', () => {
    expect(told(resolveTargets({ all: true, exclude: ['floor1.lobby'] }, FLOOR))).toBe('floor1.lab');
  });
});

describe('errors', () => {
  it.each<TargetWords>([{}, { to: ['lobby'], exclude: ['lobby'] }])(
    'that tell the names of all phones look through them: %j',
    (words) => {
      const looks = { count: 0 };
      failure(() => resolveTargets(words, { ...OFFICE, looks }));
      expect(looks.count).toBeGreaterThanOrEqual(OFFICE.phones.size);
    },
  );

  it.each<[string, TargetWords, string, RegExp, RegExp]>([
    ['nothing', {}, 'no-target', /no phone/, /reception, lobby, lab-01/],
    ['only commas', { to: [' , '] }, 'no-target', /no phone/, /reception/],
    ['an empty ATCOM_TO', { fallback: '' }, 'no-target', /no phone/, /reception/],
    ['a file without lines', { lines: [], fallback: 'lobby' }, 'no-target', /no phone/, /reception/],
    ['--all with --to', { all: true, to: ['lobby'] }, 'usage', /--all and --to/, /one of them/],
    ['--all with lines', { all: true, lines: [] }, 'usage', /--all and --to/, /one of them/],
    ['all of it taken away', { to: ['lab-*!lab-*'] }, 'nothing-matched', /"lab-\*!lab-\*"/, /lab-01/],
    [
      'nothing in common',
      { to: ['lobby', 'v6&lobby'], exclude: ['lobby'] },
      'nothing-matched',
      /"lobby,v6&lobby without lobby"/,
      /^narrow --exclude, which leaves none of 1 phone; an address without a port/,
    ],
    [
      'all of it excluded',
      { all: true, exclude: ['@all'] },
      'nothing-matched',
      /"@all without @all"/,
      /^narrow --exclude, which leaves none of \d+ phones;/,
    ],
    ['a model that no phone has', { to: ['@model:A68'] }, 'nothing-matched', /"@model:A68"/, /lab-01/],
    [
      'such a model beside a phone',
      { to: ['lobby,@model:A68'] },
      'nothing-matched',
      /"@model:A68"/,
      /lab-01/,
    ],
    [
      'such a model excluded',
      { all: true, exclude: ['@model:A68'] },
      'nothing-matched',
      /"@model:A68"/,
      /lab/,
    ],
    ['such a model after !', { to: ['@all!@model:A68'] }, 'nothing-matched', /"@model:A68"/, /lab-01/],
    [
      'an unknown name that is excluded',
      { all: true, exclude: ['loby'] },
      'unknown-phone',
      /"loby"/,
      /lobby\?/,
    ],
    [
      'a name with a dot that is excluded',
      { all: true, exclude: ['floor1.loby'] },
      'unknown-phone',
      /"floor1.loby"/,
      /lobby/,
    ],
    ['behind a !, too', { to: ['@all!floor1.lobby.'] }, 'unknown-phone', /"floor1.lobby."/, /lobby/],
    [
      'a range that is partly excluded',
      { all: true, exclude: ['lab-[12-13]'] },
      'unknown-phone',
      /lab-13/,
      /lab-12\?/,
    ],
    [
      'a glob that excludes nothing',
      { all: true, exclude: ['lba-*'] },
      'nothing-matched',
      /lba-\*/,
      /lab-01/,
    ],
    ['an empty --exclude', { all: true, exclude: [''] }, 'usage', /--exclude names no phone/, /leave/],
    [
      'a wrong line of a file',
      { lines: [{ text: 'lobby' }, { text: 'loby', place: 'phones.txt:7' }] },
      'usage',
      /^phones\.txt:7: no phone is called "loby"/,
      /lobby\?/,
    ],
    ['quotes of cmd.exe', { to: ["'lobby'"] }, 'usage', /the quote ' is part of it/, /^write lobby$/],
    ['quotes of a text', { to: ['“lobby”'] }, 'usage', /“ is not a plain quote/, /^write lobby$/],
    ['a dash of a text', { to: ['lab–01'] }, 'usage', /– is not a plain/, /^write lab-01$/],
    [
      'a range of Ansible',
      { to: ['lab-[01:03]'] },
      'usage',
      /\[01:03\] is not a range/,
      /^write lab-\[01-03\]$/,
    ],
    [
      'a list of a shell',
      { to: ['lab-{01,03}'] },
      'usage',
      /\{01,03\} is not a range/,
      /^write lab-\[01,03\]$/,
    ],
    ['a zone', { to: ['[fe80::1%eth0]'] }, 'usage', /a zone \(%eth0\)/, /works without a zone/],
    ['-, which the command line reads', { to: ['-'] }, 'unknown-phone', /"-"/, /reception/],
  ])('%s', (_, words, code, message, hint) => {
    const error = failure(() => resolveTargets(words, OFFICE));
    expect(error).toMatchObject({ code, exitCode: 2 });
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
  });

  it.each<[string, TargetWords, string]>([
    ['--all', { all: true }, 'no-target'],
    ['@all', { to: ['@all'] }, 'nothing-matched'],
    ['a glob', { to: ['*'] }, 'nothing-matched'],
    ['nothing', {}, 'no-target'],
  ])('%s without any phones', (_, words, code) => {
    expect(failure(() => resolveTargets(words, EMPTY))).toMatchObject({ code, exitCode: 2 });
  });
});

it('never selects what is excluded', () => {
  const words = [
    'lobby',
    'lab-*',
    'lab-[03-08]',
    '@row-1',
    '@model:A48',
    '@all',
    '10.0.0.[105-115]',
    '172.16.0.37',
  ];
  const some = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(some, some, (to, exclude) => {
      const spared = resolveTargets({ to: exclude }, OFFICE).phones;
      // One more, so that something is left.
      const { phones } = resolveTargets({ to: [...to, '10.9.9.9'], exclude }, OFFICE);
      expect(phones.filter((phone) => spared.includes(phone))).toEqual([]);
      expect(phones).toContainEqual({ host: '10.9.9.9' });
    }),
  );
});

it('says why there is no config', () => {
  const absent = { ...EMPTY, absence: 'no config file was found in /x' };
  for (const words of [{}, { to: ['lobby'] }, { to: ['@floor1'] }, { to: ['lab-*'] }]) {
    expect(failure(() => resolveTargets(words, absent)).hint).toContain('no config file was found in /x');
  }
});

describe('ten thousand phones', () => {
  const many = inventory(
    { 'phone-[00001-10000]': { host: '10.0.[0-99].[1-100]', model: 'A41' } },
    { low: 'phone-0[0-4]*' },
  );
  const folded = (words: TargetWords) =>
    foldNodeset(resolveTargets(words, many).phones.map(({ name, host }) => name ?? host));

  it.each<[string, TargetWords, string]>([
    ['a range', { to: ['phone-[00001-10000]!phone-[00050-00059]'] }, 'phone-[00001-00049,00060-10000]'],
    ['addresses', { to: ['10.0.[0-99].[1-100]'] }, 'phone-[00001-10000]'],
    ['--all without a group', { all: true, exclude: ['@low'] }, 'phone-[05000-10000]'],
    ['a model', { to: ['@model:A41&phone-00*'] }, 'phone-[00001-00999]'],
    ['lines', { lines: lines(...[...many.phones.keys()].toReversed()) }, 'phone-[00001-10000]'],
    ['one line', { lines: lines([...many.phones.keys()].join(',')) }, 'phone-[00001-10000]'],
  ])('%s', (_, words, expected) => {
    expect(folded(words)).toBe(expected);
  });

  it('are as many when all are missing', () => {
    const error = failure(() => resolveTargets({ to: ['phome-[00001-10000]'] }, many));
    expect(error).toMatchObject({ code: 'unknown-phone', details: { input: 'phome-[00001-10000]' } });
  });
});

it('does what the example of the issue says', () => {
  const lab = inventory({ 'lab-[001-200]': '127.0.1.[1-200]' });
  const { phones } = resolveTargets({ to: ['lab-[001-200]!lab-[050-059]'] }, lab);
  expect(phones).toHaveLength(190);
  expect(foldNodeset(phones.map(({ name }) => name ?? ''))).toBe('lab-[001-049,060-200]');
});
