/** What comes within so many milliseconds is one write: each costs more than taking an event. */
const GATHERED = 50;

/** Characters that may wait for a disk or a reader that is slower than the phones. */
export const MOST_TEXT = 64 * 1024 * 1024;

/** Writes the first item at once, and together those that follow closely. */
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
