import { perProcess } from '../per-process.ts';

/** The last pending task of each address. */
const busy = perProcess('in-turn', () => new Map<string, Promise<unknown>>());

/**
 * Runs tasks for one address one after the other, whoever starts them: a phone's web server is single-threaded, and two
 * concurrent sequences would mix their keys.
 */
export function inTurn<T>(address: string, work: () => Promise<T>): Promise<T> {
  const done = (busy.get(address) ?? Promise.resolve()).then(work);
  const over = done
    .catch(() => undefined)
    .then(() => {
      if (busy.get(address) === over) busy.delete(address);
    });
  busy.set(address, over);
  return done;
}
