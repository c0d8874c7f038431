import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchesGlob } from '../../src/targets/glob.ts';

it.each([
  ['*', '', true],
  ['*', 'lobby', true],
  ['lab-*', 'lab-', true],
  ['lab-*', 'lab-01', true],
  ['lab-*', 'xlab-01', false],
  ['*-01', 'lab-01', true],
  ['*-01', 'lab-011', false],
  ['lab-?', 'lab-1', true],
  ['lab-?', 'lab-', false],
  ['lab-?', 'lab-01', false],
  ['*a*b', 'xaxbab', true],
  ['*a*b', 'xaxba', false],
  ['l**y', 'lobby', true],
  ['lab.*', 'lab-01', false],
  ['LAB-*', 'lab-01', false],
  ['lobby', 'lobby', true],
  ['lobby?', 'lobby', false],
])('%s and %s: %s', (pattern, name, expected) => {
  expect(matchesGlob(pattern, name)).toBe(expected);
});

it('says the same as a regular expression', () => {
  const letters = (units: string) => fc.string({ unit: fc.constantFrom(...units), maxLength: 8 });
  fc.assert(
    fc.property(letters('ab*?'), letters('ab'), (pattern, name) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      expect(matchesGlob(pattern, name)).toBe(expression.test(name));
    }),
  );
});

it('does not get lost in many stars', () => {
  expect(matchesGlob('*a'.repeat(40), `${'a'.repeat(60)}b`)).toBe(false);
});
