import type { Heard, matcher } from '../../receiver/index.ts';

type Test = ReturnType<typeof matcher>;

/**
 * Looks through what a phone reported, again with each event; each event is considered once.
 *
 * @param free - whether an event may be used; one that is taken meanwhile never becomes free again
 * @returns the indexes of the events that were looked for, in order; undefined while there are not enough
 */
type Look = (heard: readonly Heard[], free: (index: number) => boolean) => readonly number[] | undefined;

/** Looks for the first event that fits one of several patterns. */
export function firstOf(tests: readonly Test[], from: number): Look {
  let next = from;
  return (heard, free) => {
    for (; next < heard.length; next += 1) {
      const { event } = heard[next] as Heard;
      if (free(next) && tests.some((test) => test(event))) return [next];
    }
    return undefined;
  };
}

/**
 * Looks for an event for each pattern: the earliest that leave one for all others (bipartite matching with augmenting
 * paths). So a pattern stays without an event only if not all can have one.
 */
export function allOf(tests: readonly Test[], from: number): Look {
  const eventOf = new Map<Test, number>();
  let next = from;

  /** Gives an event to a pattern that has none, or to another whose own can be given to such a pattern. */
  const give = (index: number, heard: readonly Heard[], asked: Set<Test>): boolean => {
    const { event } = heard[index] as Heard;
    const fitting = tests.filter((test) => !asked.has(test) && test(event));
    const without = fitting.find((test) => !eventOf.has(test));
    for (const test of fitting) asked.add(test);
    const taker = without ?? fitting.find((test) => give(eventOf.get(test) as number, heard, asked));
    if (taker !== undefined) eventOf.set(taker, index);
    return taker !== undefined;
  };

  return (heard, free) => {
    if (![...eventOf.values()].every(free)) {
      eventOf.clear();
      next = from;
    }
    // An event that is of no use now never will be.
    for (; next < heard.length && eventOf.size < tests.length; next += 1)
      if (free(next)) give(next, heard, new Set());
    return eventOf.size < tests.length ? undefined : [...eventOf.values()].sort((a, b) => a - b);
  };
}
