import fc from 'fast-check';
import { distance } from 'fastest-levenshtein';
import { expect, it, vi } from 'vitest';
import { closest, isSlip } from '../../src/protocol/suggest.ts';

vi.mock('fastest-levenshtein', { spy: true });

it.each<[string, string, readonly string[], readonly string[]]>([
  ['the nearest', 'HOLDD', ['HOLD', 'BLIND', 'FOLD'], ['HOLD']],
  ['any case, told as it is spelled', 'A41W', ['a41', 'a48'], ['a41']],
  ['all that are equally near', 'REBOOX', ['REBOOT', 'MUTE', 'REBOOK'], ['REBOOT', 'REBOOK']],
  ['at most three', 'LINE0', ['LINE1', 'LINE2', 'LINE3', 'LINE4'], ['LINE1', 'LINE2', 'LINE3']],
  ['itself', 'HOLD', ['HOLD', 'FOLD'], ['HOLD']],
  ['two swapped letters', 'HODL', ['HOLD', 'MUTE'], ['HOLD']],
  ['two letters that are not swapped', 'HULT', ['HOLD'], []],
  ['one letter of a short word', 'OH', ['OK', 'MUTE'], ['OK']],
  ['a single letter in any case', 'A', ['a', 'b'], ['a']],
  ['no other single letter, and none for one', 'c', ['a', 'b', 'cd'], []],
  ['no single letter for a word', 'ab', ['a', 'b'], []],
  ['a third of the letters', 'ANSxxR', ['ANSWER'], ['ANSWER']],
  ['not more than a third', 'ANxxxR', ['ANSWER'], []],
  ['nothing near', 'ABRACADABRA', ['HOLD', 'MUTE'], []],
  ['nothing to choose from', 'HOLD', [], []],
])('%s', (_name, input, candidates, expected) => {
  expect(closest(input, candidates)).toEqual(expected);
});

it('has nothing for what is longer than a word: thousands of these would take minutes', () => {
  expect(closest('x'.repeat(64), [`y${'x'.repeat(63)}`])).toHaveLength(1);
  vi.mocked(distance).mockClear();
  expect(closest('x'.repeat(65), ['x'.repeat(65)])).toEqual([]);
  expect(distance).not.toHaveBeenCalled();
});

it('compares no word with a much shorter or longer one, which takes minutes for long words and many phones', () => {
  vi.mocked(distance).mockClear();
  expect(closest('x'.repeat(16_000), ['HOLD', 'MUTE', 'REBOOT'])).toEqual([]);
  expect(closest('HOLD', ['x'.repeat(16_000)])).toEqual([]);
  expect(distance).not.toHaveBeenCalled();
});

it('takes swapped letters, and one that is elsewhere, for one slip: those with the same letters, two apart', () => {
  const lettersOf = (word: string) => [...word].sort().join('');
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 2, maxLength: 5 });
  let swaps = 0;
  const judge = (one: string, two: string) => {
    const apart = distance(one, two);
    const isSwap = apart === 2 && lettersOf(one) === lettersOf(two);
    if (isSwap) swaps += 1;
    expect(isSlip(one, two)).toBe(isSwap || apart <= 1);
  };
  fc.assert(fc.property(word, word, judge), { numRuns: 3000 });
  expect(swaps).toBeGreaterThan(20);
});
