import { expect, it } from 'vitest';
import { inPieces } from '../../src/web/pieces.ts';

it('many texts are the same in pieces', () => {
  const texts = Array.from({ length: 10_000 }, (_, index) => `${index} 中ä\n`);
  const pieces = inPieces(texts);
  expect(pieces.length).toBeGreaterThan(1);
  expect(Buffer.concat(pieces).toString()).toBe(texts.join(''));
});

it('no piece is much larger than a text', () => {
  const pieces = inPieces(Array.from({ length: 1000 }, () => 'x'.repeat(10_000)));
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(80_000);
});
