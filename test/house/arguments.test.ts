import { expect, it } from 'vitest';
import { sources } from './layers.ts';

/** What takes a list as its arguments. Constants and literals are short. */
const SPREAD = /\.push\(\.\.\.|\bMath\.(?:max|min)\(\.\.\.(?![A-Z_]+\b|\[)/;

it('no list of any length becomes the arguments of a call, which has room for a hundred thousand', () => {
  const found = [...sources()].flatMap(([name, text]) =>
    text
      .split('\n')
      .flatMap((line, index) => (SPREAD.test(line) ? [`${name}:${index + 1}: ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
});
