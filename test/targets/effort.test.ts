import { describe, expect, it, vi } from 'vitest';
import type { PhoneSettings } from '../../src/protocol/settings.ts';
import { closest } from '../../src/protocol/suggest.ts';
import { expandAddresses } from '../../src/targets/addresses.ts';
import { checkConfigTargets } from '../../src/targets/effort.ts';
import { evaluateTarget } from '../../src/targets/evaluate.ts';
import { parseTarget } from '../../src/targets/expression.ts';
import { createUniverse } from '../../src/targets/inventory.ts';
import { countNames, expandNodeset } from '../../src/targets/nodeset.ts';
import { resolveTargets } from '../../src/targets/resolve.ts';
import { evaluateWhatIsThere } from '../../src/targets/what-is-there.ts';
import { inventory } from './inventory.ts';

vi.mock('../../src/protocol/suggest.ts', { spy: true });

// Each of these took minutes, or all memory there is, before it was counted. None measures time: what is refused is.

const TOO_MANY = /stands for more than 100,000 names/;

const times = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i));

describe('a kilobyte of ranges', () => {
  it.each([
    ['other names', times(60, (index) => `lab${index}-[1-99999]`)],
    ['the same names', times(60, () => 'lab-[1-99999]')],
    ['addresses', times(60, (index) => `10.${index}.[0-255].[0-255]`)],
    ['groups', times(60, (index) => `@g${index}-[1-99999]`)],
    ['globs', times(60, (index) => `*${index}-[1-99999]`)],
  ])('is refused before a name is made: %s', (_, words) => {
    expect(() => parseTarget(words.join(','))).toThrow(TOO_MANY);
    expect(() => expandNodeset(words.join(','))).toThrow(TOO_MANY);
  });

  it('is refused in words of their own, too, and in groups', () => {
    const words = times(60, (index) => `10.${index}.[0-255].[0-255]`);
    const { groups } = inventory({}, Object.fromEntries(words.map((word, index) => [`g${index}`, word])));
    expect(() => resolveTargets({ to: words }, inventory({}))).toThrow(TOO_MANY);
    expect(() => resolveTargets({ to: ['virtual'], exclude: words }, inventory({}))).toThrow(TOO_MANY);
    expect(() => resolveTargets({ to: ['@g[0-59]'] }, { phones: new Map(), groups })).toThrow(TOO_MANY);
  });

  it('is refused where addresses are searched', () => {
    const words = times(60, (index) => `10.${index}.[0-255].[0-255]`);
    expect(() => expandAddresses(words)).toThrow(/these are at least 131072 addresses/);
  });
});

it('ranges of many targets count together, and more than phones that are there', () => {
  const ranges = (count: number) => times(count, (index) => `10.${index}.[0-199].[1-250]`);
  const looks = { count: 0 };
  for (const to of ranges(9)) resolveTargets({ to: [to] }, { ...inventory({}), looks });
  expect(() => checkConfigTargets(looks)).not.toThrow();
  resolveTargets({ to: ['10.9.[0-199].[1-250]'] }, { ...inventory({}), looks });
  expect(() => checkConfigTargets(looks)).toThrow(/too large together/);
});

describe('a large lab', () => {
  const lab = inventory({ 'lab-[1-60000]': '10.[0-29].[0-249].[0-7]' }, { lab: 'lab-*' });

  it('is selected by name, group, glob and address, and less some of it', () => {
    const to = ['lab-[1-30000],@lab&lab-*5,10.0.0.[0-7]!lab-1'];
    expect(resolveTargets({ to }, lab).phones).toHaveLength(6000 + 7 - 1);
    const lines = times(60_000, (index) => `lab-${index + 1}`).map((text) => ({ text }));
    expect(resolveTargets({ lines }, lab).phones).toHaveLength(60_000);
  });

  it('is not looked through again and again', () => {
    const to = [times(50, () => '*,@all,@lab').join(',')];
    expect(() => resolveTargets({ to }, lab)).toThrow(/it looks through all phones again and again/);
  });
});

describe('thousands of commas', () => {
  const commas = ','.repeat(100_000);

  it('count as often as they are read', () => {
    const { groups, phones } = inventory({ a: '10.0.0.1' }, { g: `a${commas}` });
    const looks = { count: 0 };
    for (let line = 0; line < 2; line += 1) resolveTargets({ to: ['@g'] }, { phones, groups, looks });
    expect(looks.count).toBeGreaterThan(200_000);
    expect(looks.count).toBeLessThan(200_100);
    expect(() => resolveTargets({ to: times(21, () => `a${commas}`) }, { phones, groups })).toThrow(
      /too large/,
    );
    expect(() =>
      resolveTargets({ to: ['a'], exclude: times(21, () => `b.c${commas}`) }, { phones, groups }),
    ).toThrow(/too large/);
  });

  it('in groups are read once for all words with a dot that are excluded', () => {
    const lab = inventory(
      { a: '10.0.0.1' },
      { g: `foo.example${commas}`, h: `a${',!foo.example'.repeat(50)}` },
    );
    expect(resolveTargets({ to: ['@h'] }, lab).phones).toHaveLength(1);
    expect(resolveTargets({ to: ['a'], exclude: ['foo.example'] }, lab).phones).toHaveLength(1);
    const many = inventory(
      { a: '10.0.0.1' },
      Object.fromEntries(
        times(21, (index) => `foo${index}.example${commas}`).map((text, index) => [`g${index}`, text]),
      ),
    );
    expect(() => resolveTargets({ to: ['a'], exclude: ['foo.example'] }, many)).toThrow(/too large/);
  });
});

describe('a mistake in a group', () => {
  const deep = Object.fromEntries(
    times(60, (index) => `@d${index + 1}`).map((to, index) => [`d${index}`, to]),
  );
  const wrong = inventory({ a: '10.0.0.1' }, { g: '@h', h: '@i', i: 'nope', ...deep });

  it.each([
    ['@i', 1],
    ['@g', 3],
    ['@d59', 1],
    ['@d0', 52],
  ])('counts in each group that leads to it: %s', (to, groups) => {
    const looks = { count: 0 };
    expect(() => resolveTargets({ to: [to] }, { ...wrong, looks })).toThrow(/^@/);
    expect(Math.floor(looks.count / 200)).toBe(groups);
  });

  it('ends a target that makes it again and again', () => {
    const evaluated = (count: number) => {
      const universe = createUniverse(wrong);
      return evaluateWhatIsThere(parseTarget(`a${'!@g'.repeat(count)}`, universe.effort), universe);
    };
    expect([...evaluated(3000).doubtful.values()]).toEqual(['@g: @h: @i: no phone is called "nope"']);
    expect(() => evaluated(3400)).toThrow(
      'the target is too large: it looks through all phones again and again',
    );
  });
});

describe('a misspelt name', () => {
  const lab = inventory({ 'lab-[1-1000]': '10.0.[1-4].[1-250]' }, { a: 'lab-1' });

  it.each([
    ['a short one', 'lab-x', 2000],
    ['a long one', 'x'.repeat(60), 5000],
    ['what is compared with none', 'x'.repeat(200), 5000],
    ['a range, of which one is there', 'lab-[1000-1001]', 1000],
    ['a group', 'a', 1000],
    ['a misspelt group', `@${'x'.repeat(60)}`, 4],
  ])('counts as what is compared with it, beside the names that are told: %s', (_, to, count) => {
    const looks = { count: 0 };
    expect(() => resolveTargets({ to: [to] }, { ...lab, looks })).toThrow(/^(no phone is|there is no group)/);
    expect(looks.count).toBeGreaterThanOrEqual(count);
    expect(looks.count).toBeLessThan(count + 30);
  });

  it('is compared with none where only the message is kept', () => {
    vi.mocked(closest).mockClear();
    const universe = createUniverse(lab);
    const target = parseTarget('@all!lab-x&@b!lab-y', universe.effort);
    expect([...new Set(evaluateWhatIsThere(target, universe).doubtful.values())]).toEqual([
      'no phone is called "lab-y"',
    ]);
    expect(closest).not.toHaveBeenCalled();
    expect(() => evaluateTarget(target, universe)).toThrow('no phone is called "lab-x"');
    expect(closest).toHaveBeenCalledOnce();
  });
});

it('a target is parsed once, and not all that were are kept', () => {
  const first = parseTarget('lab-[1-1000]');
  expect(parseTarget('lab-[1-1000]')).toBe(first);
  for (const text of times(300, (index) => `lab${index}-[1-1000]`)) parseTarget(text);
  expect(parseTarget('lab-[1-1000]')).not.toBe(first);
  expect(parseTarget('lab-[1-1000]')).toEqual(first);
});

it('an address is looked up once, however often a target names it', () => {
  const looked: string[] = [];
  class Phones extends Map<string, PhoneSettings> {
    override get(name: string) {
      looked.push(name);
      return super.get(name);
    }
  }
  const phones = new Phones([['a', { name: 'a', host: '10.0.0.1' }]]);
  const universe = createUniverse({ phones, groups: new Map() });
  const selected = evaluateTarget(parseTarget(`@all${',10.0.0.9,[::1]!10.0.0.9'.repeat(100)}`), universe);
  expect([...selected.values()]).toEqual([{ name: 'a', host: '10.0.0.1' }, { host: '[::1]' }]);
  expect(looked).toEqual(['10.0.0.9', '[::1]']);
});

it('groups inside groups go 50 deep, and no deeper', () => {
  const chain = (length: number) =>
    inventory(
      { a: '10.0.0.1' },
      Object.fromEntries(
        times(length, (index) => (index === length - 1 ? 'a' : `@g${index + 1}`)).map((target, index) => [
          `g${index}`,
          target,
        ]),
      ),
    );
  expect(resolveTargets({ to: ['@g0'] }, chain(50)).phones).toHaveLength(1);
  expect(() => resolveTargets({ to: ['@g0'] }, chain(5000))).toThrow(/nested more than 50 deep/);
});

it.each([
  ['', 0],
  ['a', 1],
  ['a,b', 2],
  ['lab-[01-12,20]', 13],
  ['a[1-9][1-9],b', 82],
  ['[::1]', 1],
  [`${'[1-8]'.repeat(30)}`, 8 ** 30],
])('%j stands for %d names', (text, count) => {
  expect(countNames(text)).toBe(count);
});
