import { AtcomError } from '../errors.ts';
import type { WaveSize } from './run-fleet.ts';

/**
 * Reads `5` or `10%`.
 *
 * @throws {AtcomError} `usage`
 */
export function parseWaveSize(text: string): WaveSize {
  const match = /^(\d{1,6})(%?)$/.exec(text.trim());
  const number = Number(match?.[1] ?? Number.NaN);
  if (!(number <= (match?.[2] === '%' ? 100 : 999_999))) {
    throw new AtcomError('usage', {
      reason: `${JSON.stringify(text)} is not a number of phones`,
      hint: 'write a number such as 10, or a share such as 10%',
    });
  }
  return match?.[2] === '%' ? { percent: number } : { phones: number };
}

/**
 * The interval of a rate such as `20/s` or `5/m`, in milliseconds.
 *
 * @throws {AtcomError} `usage`
 */
export function parseRate(text: string): number {
  const match = /^(\d{1,6})\/([sm])$/.exec(text.trim());
  const count = Number(match?.[1] ?? 0);
  if (match === null || count === 0) {
    throw new AtcomError('usage', {
      reason: `${JSON.stringify(text)} is not a rate`,
      hint: 'write 20/s or 5/m',
    });
  }
  return (match[2] === 's' ? 1000 : 60_000) / count;
}
