import type { Code } from '../line.ts';

/** Both sides try to change the call at the same time. */
export const GLARE: Code = 491;
/** The other side is still processing an earlier change. */
const TOO_SOON: Code = 500;
/** The maximum Retry-After in seconds (RFC 3261, 14.2). */
const LONGEST = 10;

/**
 * The delay in milliseconds before a rejected re-INVITE is sent again; undefined if it has failed for good. If two
 * collide, the side that made the call waits longer (RFC 3261, 14.1).
 *
 * @param random - from 0 to 1
 */
export function waitAfter(
  code: Code,
  retryAfter: string | undefined,
  isCaller: boolean,
  random: () => number = Math.random,
): number | undefined {
  if (code === GLARE) {
    const [shortest, longest] = isCaller ? [2100, 4000] : [0, 2000];
    return Math.round((shortest + random() * (longest - shortest)) / 10) * 10;
  }
  const seconds = Number.parseInt(retryAfter ?? '', 10);
  if (code !== TOO_SOON || Number.isNaN(seconds)) return undefined;
  return Math.max(0, Math.min(seconds, LONGEST)) * 1000;
}
