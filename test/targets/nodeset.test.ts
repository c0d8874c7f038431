import { describe, expect, it } from 'vitest';
import { expandNodeset, MOST_NAMES } from '../../src/targets/nodeset.ts';
import { failure } from '../protocol/failure.ts';

const expanded = (text: string) => expandNodeset(text).join(' ');

describe('names', () => {
  it.each([
    ['lab-[01-03,20]', 'lab-01 lab-02 lab-03 lab-20'],
    ['[0-10/2]', '0 2 4 6 8 10'],
    ['10.0.0.[5-9]', '10.0.0.5 10.0.0.6 10.0.0.7 10.0.0.8 10.0.0.9'],
    ['f[1-2]-[01-02]-x', 'f1-01-x f1-02-x f2-01-x f2-02-x'],
    ['lab-[3,1]', 'lab-3 lab-1'],
    ['lab-[1-3,2],lab-3', 'lab-1 lab-2 lab-3'],
    [' a , lab-[ 1 , 2-3 ] ,, ', 'a lab-1 lab-2 lab-3'],
    ['[9-11]', '9 10 11'],
    ['[7]', '7'],
    ['[5-5]', '5'],
    ['[1-10/100]', '1'],
    ['[00-02]', '00 01 02'],
    ['[::1]:7001', '[::1]:7001'],
    ['[fe80::1],http://[::1]:[7001-7002]', '[fe80::1] http://[::1]:7001 http://[::1]:7002'],
    ['', ''],
    [' , ', ''],
  ])('%s', (text, expected) => {
    expect(expanded(text)).toBe(expected);
  });

  it.each([
    ['lab-[9-5]', /9-5 runs backwards/, /write 5-9/],
    ['lab-[0-10/0]', /step of 0/, /\[0-10\/2\]/],
    ['lab-[08-011]', /08-011 differ in width/, /write 008-011/],
    ['lab-[01-100]', /01-100 differ in width/, /write 001-100, or two ranges/],
    ['lab-[8-011]', /differ in width/, /008-011/],
    ['lab-[1-3', /\[ has no \]/, /lab-\[01-12,20\]/],
    ['lab-1-3]', /\] has no \[/, /lab-\[01-12,20\]/],
    ['lab-[1-[2]]', /\[ has no \]/, /range/],
    ['lab-[]', /a number is missing/, /numbers/],
    ['lab-[1,]', /a number is missing/, /numbers/],
    ['lab-[a-c]', /"a-c" is no range/, /\* or \?/],
    ['lab-[!x]', /"!x" is no range/, /\* or \?/],
    ['lab-[1-2o]', /"1-2o" is no range/, /numbers/],
    ['lab-[5/2]', /"5\/2" is no range/, /numbers/],
    ['lab-[1-2-3]', /is no range/, /numbers/],
    ['lab-[-1]', /is no range/, /numbers/],
    ['lab-[1-9999999999999999]', /is no range/, /numbers/],
    ['lab-1 lab-2', /blank/, /join/],
    ['a!b', /"!" has no place/, /commas/],
    ['a&b', /"&" has no place/, /commas/],
    ['[1-100001]', /more than 100,000 names/, /smaller/],
    ['[1-999999999999999]', /more than 100,000 names/, /smaller/],
    ['[1-1000][1-1000]', /more than 100,000 names/, /smaller/],
    ['a[1-60000],b[1-60000]', /more than 100,000 names/, /smaller/],
    [`${'[1-9]'.repeat(200)}`, /^"[^"]{60}…" cannot be read: .*more than 100,000/, /smaller/],
    [`n[1-50001]${'x'.repeat(64)}`, /more than 100,000 names, or for fewer but long ones/, /smaller/],
    [`lab-${'x'.repeat(252)}`, /more than 255 characters/, /commas/],
    ['[1]'.repeat(256), /more than 255 characters/, /commas/],
    [`${'x'.repeat(250)}[9,000100]`, /more than 255 characters/, /commas/],
  ])('refuses %s', (text, message, hint) => {
    const error = failure(() => expandNodeset(text));
    expect(error).toMatchObject({ code: 'usage', exitCode: 2 });
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
  });

  it('takes as many as it allows', () => {
    expect(expandNodeset(`[1-${MOST_NAMES}]`)).toHaveLength(MOST_NAMES);
    expect(expandNodeset(`[1-${MOST_NAMES / 4}]${'x'.repeat(250)}`)).toHaveLength(MOST_NAMES / 4);
    expect(expandNodeset(`[${'1-9,'.repeat(1000)}9]`)).toHaveLength(9);
  });
});
