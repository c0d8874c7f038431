import { expect, it } from 'vitest';
import { ageText, clockText } from '../../src/protocol/ages.ts';

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];

it.each([
  [-5000, '0 s'],
  [0, '0 s'],
  [59_999, '59 s'],
  [MINUTE, '1 min'],
  [HOUR - 1, '59 min'],
  [HOUR, '1 h'],
  [2 * DAY - 1, '47 h'],
  [2 * DAY, '2 d'],
])('%i ms ago is %s', (ms, text) => {
  expect(ageText(ms)).toBe(text);
});

it.each([
  [-5000, '0:00'],
  [5000, '0:05'],
  [12 * MINUTE + 34_999, '12:34'],
  [HOUR + 2 * MINUTE + 3000, '1:02:03'],
  [DAY - 1, '23:59:59'],
  [DAY, '24 h'],
])('a clock of %i ms shows %s', (ms, text) => {
  expect(clockText(ms)).toBe(text);
});
