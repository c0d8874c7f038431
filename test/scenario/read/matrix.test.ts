import { describe, expect, it } from 'vitest';
import { combinations, substitute, titleOf } from '../../../src/scenario/read/matrix.ts';

describe('combinations', () => {
  it('are one without values where there is no matrix', () => {
    expect(combinations()).toEqual([{}]);
  });

  it('are every value with every other, in the order of the file', () => {
    expect(combinations({ line: [1, 2], via: ['a', 'b'] })).toEqual([
      { line: 1, via: 'a' },
      { line: 1, via: 'b' },
      { line: 2, via: 'a' },
      { line: 2, via: 'b' },
    ]);
  });
});

describe('substitute', () => {
  it('replaces names in texts, at any depth, and leaves other names', () => {
    const data = { steps: [{ a: 'dial $b --line $line' }, { b: { where: { remote: `*\${line}$b*` } } }] };
    expect(substitute(data, { line: 2 })).toEqual({
      steps: [{ a: 'dial $b --line 2' }, { b: { where: { remote: '*2$b*' } } }],
    });
  });

  it('keeps the kind of a value where numbers are wanted, and is text elsewhere', () => {
    expect(substitute({ needs: { line: '$n' }, on: '$n', name: '$name' }, { n: 2 })).toEqual({
      needs: { line: 2 },
      on: '2',
      name: '$name',
    });
  });

  it('takes a longer name for itself', () => {
    expect(substitute('$lines $line', { line: 1 })).toBe('$lines 1');
  });
});

it.each([
  ['call', {}, 'call'],
  ['call', { line: 2, via: 'speaker' }, 'call [line=2, via=speaker]'],
  ['call on line $line', { line: 2 }, 'call on line 2'],
])('the title of %s with %j is %s', (name, values, title) => {
  expect(titleOf(name, values)).toBe(title);
});
