import { AtcomError } from '../errors.ts';

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** A day: more than anybody needs, and below the limit of a timer (2^31 ms). */
const LONGEST = 24 * UNITS.h;

/** The longest delay of a Node timer, in milliseconds; a longer one would fire at once. */
export const LONGEST_DELAY = 2 ** 31 - 1;

/**
 * Refuses a time that no timer can wait for: it would be over at once.
 *
 * @throws {AtcomError} `usage`
 */
export function checkDelay(name: string, ms: number): number {
  if (typeof ms === 'number' && ms >= 0 && ms <= LONGEST_DELAY) return ms;
  const hint = `give milliseconds, up to ${LONGEST_DELAY}`;
  throw new AtcomError('usage', { reason: `${name}: ${ms} is no time to wait`, hint });
}

/**
 * Parses a duration into milliseconds. The unit is required, because `5` could mean anything.
 *
 * @throws {AtcomError} `invalid-duration`
 * @example
 * ```ts
 * import { parseDuration } from 'atcom';
 * parseDuration('1.5s'); // 1500
 * ```
 */
export function parseDuration(text: string): number {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text.trim());
  const ms =
    match === null ? Number.NaN : Math.round(Number(match[1]) * UNITS[match[2] as keyof typeof UNITS]);
  if (!(ms <= LONGEST)) throw new AtcomError('invalid-duration', { input: text });
  return ms;
}

/** The shortest text for a duration that {@link parseDuration} reads back: `500ms`, `3s`, `2m`. */
export function formatDuration(ms: number): string {
  const unit = (['h', 'm', 's'] as const).find((name) => ms > 0 && ms % UNITS[name] === 0) ?? 'ms';
  return `${ms / UNITS[unit]}${unit}`;
}
