import { type Actor, SETTLE } from './actor.ts';

/** The first phone that is in a call; what it reports of the end of one may be on its way. */
export async function findInCall(actors: Iterable<Actor>, signal?: AbortSignal): Promise<Actor | undefined> {
  const all = [...actors];
  const free = await Promise.all(all.map((actor) => actor.becomesIdle(SETTLE, signal)));
  return all[free.indexOf(false)];
}

/** As many calls as the document speaks of ("two calls"), and one more look. */
const MOST_CALLS = 3;

/** How phones are hung up. */
export interface HangUpOptions {
  /** After a failure it is better to hang up once too often where a phone reports nothing, and nobody knows. */
  readonly failed: boolean;
  readonly signal: AbortSignal;
  /** Hangs some phones up, side by side: one that does not answer must not keep the others in their calls. */
  readonly hangUp: (left: readonly Actor[]) => Promise<unknown>;
}

/**
 * Ends every call of phones that were pressed: each ENDCALL ends one, and a phone can have another one on hold. Then
 * waits until nothing that real phones report of that can be taken for something of whoever has them next.
 */
export async function endCalls(
  actors: Iterable<Actor>,
  { failed, signal, hangUp }: HangUpOptions,
): Promise<void> {
  const all = [...actors];
  for (let round = 1; round <= MOST_CALLS; round += 1) {
    // Of a phone that reports nothing, hanging up once has to do.
    const left = await stillInUse(all, failed && round === 1, signal);
    if (left.length === 0) break;
    await hangUp(left);
  }
  const real = all.filter(({ virtual }) => !virtual);
  const pressed = real.filter((actor) => actor.pressed);
  await Promise.all(pressed.map((actor) => actor.comesToRest(signal, { quiet: true })));
  await findInCall(real, signal);
}

async function stillInUse(
  actors: readonly Actor[],
  failed: boolean,
  signal: AbortSignal,
): Promise<readonly Actor[]> {
  const pressed = actors.filter((actor) => actor.pressed);
  await Promise.all(pressed.map((actor) => actor.comesToRest(signal)));
  return pressed.filter(({ inUse }) => inUse ?? failed);
}
