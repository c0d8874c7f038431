/** Who is told when a signal is aborted. */
const listeners = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when a signal is aborted; the function that is returned ends that. One signal may stop thousands of
 * requests: it has one listener here, whoever asks, because Node takes many for a leak and says so.
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

/** Waits so many milliseconds, or until one of the signals is aborted; tells whether none was. */
export function pause(ms: number, ...signals: readonly (AbortSignal | undefined)[]): Promise<boolean> {
  const goesOn = () => !signals.some((signal) => signal?.aborted === true);
  if (ms <= 0 || !goesOn()) return Promise.resolve(goesOn());
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      for (const forget of forgotten) forget();
      resolve(goesOn());
    };
    const timer = setTimeout(end, ms);
    const forgotten = signals.map((signal) => onAbort(signal, end));
  });
}
