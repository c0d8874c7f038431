import type { Code } from '../line.ts';

/** Both sides want to change the call at once. */
export const GLARE: Code = 491;
/** The other side is not done with the change before. */
const TOO_SOON: Code = 500;
/** Nobody may ask for more seconds than these (RFC 3261, 14.2). */
const LONGEST = 10;

/**
 * How many milliseconds a re-INVITE that was turned down waits before it is sent again; undefined when it has failed.
 * Of two that collide, who has made the call waits longer (RFC 3261, 14.1).
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
