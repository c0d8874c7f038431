import { describe, expect, it } from 'vitest';
import type { Heard } from '../../../src/receiver/index.ts';
import { allOf } from '../../../src/scenario/play/looks.ts';
import { randomOf } from '../../support/random.ts';

/** What was reported, as far as this is looked at. */
const heardOf = (kinds: readonly number[]) => kinds.map((event) => ({ event })) as unknown as Heard[];

const testsOf = (patterns: readonly (readonly number[])[]) =>
  patterns.map((kinds) => (event: unknown) => kinds.includes(event as number));

/** All ways to give each pattern an event of its own; the events of the best, in order. */
function best(
  patterns: readonly (readonly number[])[],
  events: readonly number[],
  free: (at: number) => boolean,
) {
  const ways = patterns.reduce<readonly (readonly number[])[]>(
    (all, kinds) =>
      all.flatMap((way) =>
        events.flatMap((kind, at) =>
          kinds.includes(kind) && free(at) && !way.includes(at) ? [[...way, at]] : [],
        ),
      ),
    [[]],
  );
  const sorted = ways
    .map((way) => way.toSorted((a, b) => a - b))
    .map((way) => way.map((at) => String(at)).join());
  return sorted.sort()[0];
}

describe('looking for all of some events', () => {
  it('finds the earliest that leave one for each, whatever came in between', () => {
    const random = randomOf(9);
    let found = 0;
    for (let round = 0; round < 2000; round += 1) {
      const patterns = Array.from({ length: 1 + random.below(4) }, () =>
        Array.from({ length: 1 + random.below(3) }, () => random.below(5)),
      );
      const events = Array.from({ length: random.below(7) }, () => random.below(5));
      const taken = new Set<number>();
      const free = (at: number) => !taken.has(at);
      const look = allOf(testsOf(patterns), 0);
      for (let count = 0; count <= events.length; count += 1) {
        // Others that wait at the same time take some of them.
        if (count > 0 && random.below(4) === 0) taken.add(random.below(count));
        const indexes = look(heardOf(events.slice(0, count)), free);
        expect(indexes?.join()).toBe(best(patterns, events.slice(0, count), free));
        if (indexes === undefined) continue;
        found += 1;
        break;
      }
    }
    expect(found).toBeGreaterThan(300);
  });

  it('takes no time that grows with the cube of the events', () => {
    let asked = 0;
    const tests = Array.from({ length: 100 }, () => () => {
      asked += 1;
      return true;
    });
    const look = allOf(tests, 0);
    const events = Array(100).fill(0);
    for (let count = 0; count < 100; count += 1) look(heardOf(events.slice(0, count)), () => true);
    expect(look(heardOf(events), () => true)).toHaveLength(100);
    expect(asked).toBe(100 * 100);
  });
});
