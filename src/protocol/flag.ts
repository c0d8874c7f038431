import { AtcomError } from '../errors.ts';

/**
 * Reads a flag. JavaScript lets `'off'` through, which would count as true.
 *
 * @throws {AtcomError} `usage` for what is neither true nor false
 */
export function readFlag(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  const reason = `${name}: ${String(value)} is not usable`;
  throw new AtcomError('usage', { reason, hint: 'give true or false' });
}
