import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { foldNodeset } from '../../src/targets/fold.ts';
import { expandNodeset } from '../../src/targets/nodeset.ts';
import { name, names } from './arbitraries.ts';

describe('folding', () => {
  it.each([
    ['lab-01 … lab-11', expandNodeset('lab-[01-11]'), 'lab-[01-11]'],
    ['nothing', [], ''],
    ['one name', ['lobby'], 'lobby'],
    ['the same twice', ['lab-1', 'lab-1'], 'lab-1'],
    ['addresses', expandNodeset('10.0.0.[5-9]'), '10.0.0.[5-9]'],
    ['ports', expandNodeset('127.0.0.1:[7001-7003]'), '127.0.0.1:[7001-7003]'],
    ['URLs', expandNodeset('https://10.0.0.[1-2]:8443'), 'https://10.0.0.[1-2]:8443'],
    ['ports of IPv6', ['[::1]:7002', '[::1]:7001', '[::2]:7001'], '[::1]:[7001-7002],[::2]:7001'],
    ['a corner that is missing', ['a1b1', 'a1b2', 'a2b1'], 'a1b[1-2],a2b1'],
    ['natural order', ['p10', 'p9', 'lobby', 'p2'], 'lobby,p[2,9-10]'],
    ['99 and 100', ['p99', 'p100'], 'p[99-100]'],
    ['099 and 100', ['p099', 'p100'], 'p[099-100]'],
    ['99 and 100 beside 001', ['p99', 'p100', 'p001'], 'p[001,99,100]'],
    ['both widths', expandNodeset('p[1-9],p[01-12]'), 'p[1-9,01-12]'],
    ['more digits than are exact', ['p99999999999999998', 'p99999999999999999'], undefined],
  ])('%s', (_, list, folded) => {
    expect(foldNodeset(list)).toBe(folded ?? list.join(','));
  });
});

describe('expanding and folding are inverse', () => {
  it('gives folded names back', () => {
    fc.assert(
      fc.property(names, (list) => {
        expect(new Set(expandNodeset(foldNodeset(list)))).toEqual(new Set(list));
      }),
    );
  });

  it('gives each name back once', () => {
    fc.assert(
      fc.property(names, (list) => {
        expect(foldNodeset(expandNodeset(foldNodeset(list)))).toBe(foldNodeset(list));
        expect(expandNodeset(foldNodeset(list))).toHaveLength(new Set(list).size);
      }),
    );
  });

  it('does not depend on the order', () => {
    fc.assert(
      fc.property(names, (list) => {
        expect(foldNodeset(list.toReversed())).toBe(foldNodeset(list));
      }),
    );
  });

  it('is never longer than the list', () => {
    fc.assert(
      fc.property(names, (list) => {
        const unique = [...new Set(list)];
        expect(foldNodeset(list).length).toBeLessThanOrEqual(unique.join(',').length + 2 * unique.length);
      }),
    );
  });

  it('gives a range back', () => {
    const range = fc.tuple(name, fc.nat(5000), fc.integer({ min: 1, max: 300 }), fc.boolean());
    fc.assert(
      fc.property(range, ([prefix, first, more, padded]) => {
        const width = padded ? String(first + more).length : 0;
        const text = `${prefix}-[${String(first).padStart(width, '0')}-${first + more}]`;
        expect(foldNodeset(expandNodeset(text))).toBe(text);
      }),
    );
  });

  it('throws nothing but expected errors on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a01-/[],!&:@* '), maxLength: 30 }), (text) => {
        try {
          expandNodeset(text);
        } catch (error) {
          expect(error).toMatchObject({ name: 'AtcomError', code: 'usage' });
        }
      }),
    );
  });

  it('is fit for 10,000 phones', () => {
    const list = expandNodeset('phone-[00001-10000]');
    const hosts = expandNodeset('10.0.[0-99].[1-100]');
    expect([list.length, hosts.length, new Set(hosts).size]).toEqual([10_000, 10_000, 10_000]);
    expect(foldNodeset(list)).toBe('phone-[00001-10000]');
    expect(foldNodeset(hosts)).toBe('10.0.[0-99].[1-100]');
    expect(foldNodeset(expandNodeset('[1-20000/2]')).split(',')).toHaveLength(10_000);
  });

  it('looks only at the numbers that differ', () => {
    const withNumbers = vi.spyOn(Array.prototype, 'with');
    const [begin, end] = ['a1'.repeat(50), 'b2'.repeat(50)];
    expect(foldNodeset(expandNodeset(`${begin}-[1-9]${end}`))).toBe(`${begin}-[1-9]${end}`);
    expect(withNumbers.mock.calls.length).toBeLessThan(20);
    withNumbers.mockRestore();
  });
});
