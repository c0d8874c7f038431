import { LONGEST_DELAY } from './protocol/duration.ts';

/** The callbacks of each signal. */
const listeners = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when a signal is aborted; the returned function unsubscribes. One signal may stop thousands of requests,
 * so each signal gets a single listener here: Node reports many listeners as a leak.
 */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (signal === undefined) return () => undefined;
  const known = listeners.get(signal);
  const callbacks = known ?? new Set();
  if (known === undefined) {
    listeners.set(signal, callbacks);
    signal.addEventListener('abort', () => [...callbacks].forEach((each) => void each()), { once: true });
  }
  callbacks.add(callback);
  return () => void callbacks.delete(callback);
}

/** Waits for some milliseconds, or until one of the signals is aborted. Returns whether the full time passed. */
export function pause(ms: number, ...signals: readonly (AbortSignal | undefined)[]): Promise<boolean> {
  const goesOn = () => !signals.some((signal) => signal?.aborted === true);
  if (ms <= 0 || !goesOn()) return Promise.resolve(goesOn());
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      for (const forget of forgotten) forget();
      resolve(goesOn());
    };
    let timer: NodeJS.Timeout;
    const wait = (left: number) => {
      if (left <= 0) end();
      else timer = setTimeout(wait, Math.min(left, LONGEST_DELAY), left - LONGEST_DELAY);
    };
    wait(ms);
    const forgotten = signals.map((signal) => onAbort(signal, end));
  });
}

/**
 * Lets signals be heard amid work that does not wait for anything.
 *
 * @throws the reason of the signal
 */
export async function hearSignal(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}
