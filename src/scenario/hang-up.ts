import type { Actor } from './actor.ts';

/** How long phones may take to report what their last key did, in milliseconds. */
const SETTLE = 300;

/**
 * The phones that were pressed, and are still in a call, or may be: of a phone that reports no such thing nobody knows,
 * and after a failure it is better to hang up once too often.
 */
export async function stillInUse(
  actors: Iterable<Actor>,
  { failed, signal }: { readonly failed: boolean; readonly signal: AbortSignal },
): Promise<readonly Actor[]> {
  const left = await Promise.all(
    [...actors].map(async (actor): Promise<readonly Actor[]> => {
      const { pressed, lamp, settled, log } = actor;
      if (!pressed || lamp === 'idle') return [];
      if (lamp === 'unknown') return failed ? [actor] : [];
      if (settled) return [actor];
      const idle = await log.until(() => actor.lamp === 'idle' || undefined, { within: SETTLE, signal });
      return idle === true ? [] : [actor];
    }),
  );
  return left.flat();
}
