import { AtcomError } from '../errors.ts';
import { parseDuration } from '../protocol/duration.ts';

/**
 * Milliseconds to wait for a phone. None at all would make every request fail.
 *
 * @throws {AtcomError} `invalid-duration`, `usage`
 */
export function parseTimeout(text: string): number {
  const ms = parseDuration(text);
  if (ms === 0) throw new AtcomError('usage', { reason: 'must be longer than nothing' });
  return ms;
}
