/** Events within this many milliseconds share one write, because a write costs more than an event. */
const GATHERED = 50;

/** Writes the first item at once, and batches those that follow closely. */
export function gather<T>(write: (items: readonly T[]) => unknown): {
  take(item: T): void;
  drain(): Promise<void>;
} {
  let waiting: T[] = [];
  let writing: Promise<void> | undefined;
  const writeAll = async () => {
    while (waiting.length > 0) {
      const items = waiting;
      waiting = [];
      await write(items);
      await new Promise((resolve) => setTimeout(resolve, GATHERED));
    }
    writing = undefined;
  };
  return {
    take(item) {
      waiting.push(item);
      writing ??= writeAll();
    },
    drain: async () => writing,
  };
}
