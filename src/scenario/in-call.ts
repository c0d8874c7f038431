import { type Actor, SETTLE } from './actor.ts';

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
  const pressed = [...actors].filter((actor) => actor.pressed);
  await Promise.all(pressed.map((actor) => actor.comesToRest(signal)));
  return pressed.filter(({ lamp }) => lamp === 'busy' || (lamp === 'unknown' && failed));
}

/** As many calls as the document speaks of ("two calls"), and one more look. */
export const MOST_CALLS = 3;
