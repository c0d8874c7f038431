/** How many items an iterator buffers for a reader that is slower than the phones. */
const MOST_WAITING = 10_000;

/** The source of an iterator's items. */
export interface ItemSource<T> {
  /** Calls back for every item from now on. Returns a function that unsubscribes. */
  readonly subscribe: (listener: (item: T) => void) => () => void;
  /** Whether the source has ended. */
  readonly closed: () => boolean;
  /** Called when the source ends. */
  readonly onClose: Set<() => void>;
}

/** Items from now on, until the signal or the end. A reader that falls far behind loses the oldest ones. */
export async function* iterate<T>(
  { subscribe, closed, onClose }: ItemSource<T>,
  signal?: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const waiting: T[] = [];
  let wake = () => {};
  const stop = subscribe((item) => {
    if (waiting.length >= MOST_WAITING) waiting.shift();
    waiting.push(item);
    wake();
  });
  const end = () => wake();
  signal?.addEventListener('abort', end);
  onClose.add(end);
  try {
    while (signal?.aborted !== true) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else if (closed()) return;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    stop();
    signal?.removeEventListener('abort', end);
    onClose.delete(end);
  }
}
