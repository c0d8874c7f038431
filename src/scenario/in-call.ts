import type { Actor } from './actor.ts';

/** How long phones may take to report what their last key did, in milliseconds. */
export const SETTLE = 300;

/** The first phone that is in a call; what it reports of the end of one may be on its way. */
export async function findInCall(actors: Iterable<Actor>, signal?: AbortSignal): Promise<Actor | undefined> {
  const all = [...actors];
  const free = await Promise.all(all.map((actor) => actor.becomesIdle(SETTLE, signal)));
  return all[free.indexOf(false)];
}

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
      const { pressed, lamp, settled } = actor;
      if (!pressed || lamp === 'idle') return [];
      if (lamp === 'unknown') return failed ? [actor] : [];
      return !settled && (await actor.becomesIdle(SETTLE, signal)) ? [] : [actor];
    }),
  );
  return left.flat();
}
