import { type Actor, SETTLE } from './actor.ts';

/** The first phone that is in a call; the event that ends a call may still be in flight. */
export async function findInCall(actors: Iterable<Actor>, signal?: AbortSignal): Promise<Actor | undefined> {
  const all = [...actors];
  const free = await Promise.all(all.map((actor) => actor.becomesFree(SETTLE, signal)));
  return all[free.indexOf(false)];
}

/** As many calls as the document mentions ("two calls"), and one more check. */
const MOST_CALLS = 3;

/** Options for hanging up. */
export interface HangUpOptions {
  /** After a failure, a phone that reports nothing is hung up, unless that was the last thing it did. */
  readonly failed: boolean;
  readonly signal: AbortSignal;
  /** Hangs up phones at the same time: one that does not answer must not keep the others in their calls. */
  readonly hangUp: (left: readonly Actor[]) => Promise<unknown>;
}

/**
 * Ends every call of phones that were used. Each ENDCALL ends one call, and a phone can have another one on hold. Then
 * waits until late reports of real phones cannot be mistaken for reports of their next use.
 */
export async function endCalls(
  actors: Iterable<Actor>,
  { failed, signal, hangUp }: HangUpOptions,
): Promise<void> {
  const all = [...actors];
  for (let round = 1; round <= MOST_CALLS; round += 1) {
    // A phone that reports nothing is hung up once.
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
  return pressed.filter(({ inUse, hungUp, isKnown }) => {
    const isUp = isKnown || inUse === true ? inUse : null;
    return isUp ?? (failed && !hungUp);
  });
}
