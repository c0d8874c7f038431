/** What is under way for each address. */
const busy = new Map<string, Promise<unknown>>();

/**
 * Does one thing after the other for an address, whoever asks: a phone's web server is single-threaded, and two
 * sequences side by side would mix their keys.
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
