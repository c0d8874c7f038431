import { AtcomError } from '../errors.ts';
import { parseDuration } from '../protocol/duration.ts';

/**
 * Reads how long to wait for a phone, in milliseconds. With 0, every request would fail.
 *
 * @throws {AtcomError} `invalid-duration`, `usage`
 */
export function parseTimeout(text: string): number {
  const ms = parseDuration(text);
  if (ms === 0) throw new AtcomError('usage', { reason: 'must be longer than 0' });
  return ms;
}
