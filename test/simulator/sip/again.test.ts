import { expect, it } from 'vitest';
import { waitAfter } from '../../../src/simulator/sip/again.ts';

// RFC 3261, 14.1: units of 10 ms, and no time in which the two collide again.
it.each([
  [true, 0, 2100],
  [true, 0.5, 3050],
  [true, 1, 4000],
  [false, 0, 0],
  [false, 0.333, 670],
  [false, 1, 2000],
])(
  'after a collision (491), caller %s waits between the shortest and the longest time',
  (isCaller, random, wait) => {
    expect(waitAfter(491, undefined, isCaller, () => random)).toBe(wait);
  },
);

it.each([
  [500, '3', 3000],
  [500, '9999', 10_000],
  [500, '5 (soon)', 5000],
  [500, undefined, undefined],
  [500, 'soon', undefined],
  [488, '3', undefined],
  [408, undefined, undefined],
])('after %i with Retry-After %s waits %s ms', (code, retryAfter, wait) => {
  expect(waitAfter(code, retryAfter, true)).toBe(wait);
});
