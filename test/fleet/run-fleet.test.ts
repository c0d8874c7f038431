import { getEventListeners } from 'node:events';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseRate, parseWaveSize } from '../../src/fleet/pace.ts';
import { type FleetOptions, MOST_JOBS, runFleet, type WaveSize, wavesOf } from '../../src/fleet/run-fleet.ts';

/** Serves numbers; those in `bad` fail. Tells what was started and how many at once. */
async function serveAll(total: number, bad: readonly number[], options: FleetOptions) {
  const started: number[] = [];
  let [working, most] = [0, 0];
  const results = await runFleet(
    Array.from({ length: total }, (_, index) => index),
    async (item) => {
      started.push(item);
      working += 1;
      most = Math.max(most, working);
      await new Promise((resolve) => setImmediate(resolve));
      working -= 1;
      return bad.includes(item) ? 'bad' : 'good';
    },
    (result) => result === 'bad',
    options,
  );
  return { started, most, results };
}

describe('a fleet', () => {
  it('is served whole, in the order of its phones', async () => {
    const { results, started } = await serveAll(300, [7], {});
    expect(started).toHaveLength(300);
    expect(results[7]).toBe('bad');
    expect(results.filter((result) => result === 'good')).toHaveLength(299);
  });

  it.each([
    [{}, 128],
    [{ jobs: 4 }, 4],
    [{ jobs: 10_000 }, MOST_JOBS],
  ])('with %j is served %i at once', async (options, most) => {
    expect((await serveAll(600, [], options)).most).toBe(most);
  });

  it('starts nothing new after a failure with failFast', async () => {
    const { started, results } = await serveAll(100, [2], { jobs: 2, failFast: true });
    expect(started.length).toBeLessThanOrEqual(5);
    expect(results.at(-1)).toBeUndefined();
  });

  it('starts nothing new once it is stopped, and ends what is under way', async () => {
    const stop = new AbortController();
    const started: number[] = [];
    const results = await runFleet(
      [0, 1, 2, 3],
      async (item) => {
        started.push(item);
        stop.abort();
        return item;
      },
      () => false,
      { jobs: 1, signal: stop.signal },
    );
    expect(started).toEqual([0]);
    expect(results).toEqual([0, undefined, undefined, undefined]);
  });

  it('starts nothing new when it is stopped while a phone waits for its turn', async () => {
    const stop = new AbortController();
    const started: number[] = [];
    const results = runFleet(
      [0, 1, 2],
      async (item) => {
        started.push(item);
        // Once the others wait.
        setImmediate(() => stop.abort());
      },
      () => false,
      { jobs: 2, interval: 60_000, signal: stop.signal },
    );
    expect(await results).toHaveLength(3);
    expect(started).toEqual([0]);
  });

  it('goes on to the next wave only while few fail', async () => {
    const waves = [{ phones: 1 }, { percent: 50 }, { percent: 100 }];
    expect((await serveAll(10, [], { waves })).started).toHaveLength(10);
    expect((await serveAll(10, [0], { waves, maxFail: { phones: 0 } })).started).toEqual([0]);
    expect((await serveAll(10, [0], { waves, maxFail: { phones: 1 } })).started).toHaveLength(10);
    expect((await serveAll(10, [1, 2], { waves, maxFail: { percent: 40 } })).started).toHaveLength(10);
    expect((await serveAll(10, [1, 2, 3], { waves, maxFail: { percent: 40 } })).started).toHaveLength(6);
  });

  it('stops after a wave in which one failed, when nothing else is said', async () => {
    const waves = [{ phones: 1 }, { percent: 100 }];
    expect((await serveAll(10, [0], { waves })).started).toEqual([0]);
    expect((await serveAll(10, [5], { waves })).started).toHaveLength(10);
  });

  it('stops anywhere once too many failed, without waves', async () => {
    const bad = Array.from({ length: 100 }, (_, index) => index);
    const { started, results } = await serveAll(100, bad, { jobs: 1, maxFail: { phones: 3 } });
    expect(started).toEqual([0, 1, 2, 3]);
    expect(results.filter((result) => result !== undefined)).toHaveLength(4);
    expect((await serveAll(100, bad, { jobs: 1, maxFail: { percent: 5 } })).started).toHaveLength(6);
    expect((await serveAll(100, [1, 2, 3], { jobs: 1, maxFail: { phones: 3 } })).started).toHaveLength(100);
  });

  it('has one listener on the signal that stops it, however many phones wait for their turn', async () => {
    const { signal } = new AbortController();
    const served = serveAll(64, [], { interval: 1, signal });
    expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(1);
    expect((await served).started).toHaveLength(64);
  });

  it('keeps an interval between starts', async () => {
    const started = performance.now();
    await serveAll(5, [], { interval: 20 });
    expect(performance.now() - started).toBeGreaterThanOrEqual(75);
  });

  it('makes up for no interval in which the whole program was stopped', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const running = performance.now.bind(performance);
    let stopped = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => running() + stopped);
    const served: number[] = [];
    const serve = async (item: number) => {
      served.push(item);
      // As Ctrl-Z and fg would, for longer than all of them together.
      if (item === 0) stopped = 250;
    };
    const run = runFleet([0, 1, 2, 3], serve, () => false, { interval: 60 });
    await vi.advanceTimersByTimeAsync(0);
    expect(served).toEqual([0, 1]);
    for (const [late, many] of [
      [39, 2],
      [1, 3],
      [59, 3],
      [1, 4],
    ] as const) {
      await vi.advanceTimersByTimeAsync(late);
      expect(served).toHaveLength(many);
    }
    await run;
  });

  it('makes up for no interval in which an announcement was late, as on a disk that stalls', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const served: number[] = [];
    const onDisk: (() => void)[] = [];
    const announce = () => new Promise<boolean>((resolve) => onDisk.push(() => resolve(true)));
    const serve = async (item: number) => void served.push(item);
    const run = runFleet([0, 1, 2], serve, () => false, { interval: 100, announce });
    await vi.advanceTimersByTimeAsync(1000);
    expect([onDisk.length, served]).toEqual([1, []]);
    onDisk[0]?.();
    // 20 ms late is nothing.
    await vi.advanceTimersByTimeAsync(79);
    expect([onDisk.length, served]).toEqual([1, [0]]);
    await vi.advanceTimersByTimeAsync(1);
    expect([onDisk.length, served]).toEqual([2, [0]]);
    onDisk[1]?.();
    await vi.advanceTimersByTimeAsync(100);
    expect([onDisk.length, served]).toEqual([3, [0, 1]]);
    onDisk[2]?.();
    await run;
    expect(served).toEqual([0, 1, 2]);
  });

  it('serves nothing that could not be announced', async () => {
    const served: number[] = [];
    const results = await runFleet(
      [0, 1, 2],
      async (item) => served.push(item),
      () => false,
      {
        announce: async (item) => item !== 1,
      },
    );
    expect([served, results[1]]).toEqual([[0, 2], undefined]);
  });

  it('is nothing to do when it is empty', async () => {
    expect((await serveAll(0, [], { waves: [{ phones: 1 }] })).results).toEqual([]);
  });
});

it.each<[number, readonly WaveSize[] | undefined, [number, number][]]>([
  [10, undefined, [[0, 10]]],
  [0, undefined, []],
  [
    10,
    [{ phones: 4 }],
    [
      [0, 4],
      [4, 8],
      [8, 10],
    ],
  ],
  [
    10,
    [{ phones: 1 }, { percent: 10 }, { percent: 100 }],
    [
      [0, 1],
      [1, 2],
      [2, 10],
    ],
  ],
  [
    3,
    [{ percent: 1 }],
    [
      [0, 1],
      [1, 2],
      [2, 3],
    ],
  ],
  [
    2,
    [{ phones: 0 }],
    [
      [0, 1],
      [1, 2],
    ],
  ],
])('the waves of %i with %j', (total, sizes, expected) => {
  expect(wavesOf(total, sizes)).toEqual(expected);
});

it('reads shares, numbers and rates, and refuses the rest', () => {
  expect(parseWaveSize('10%')).toEqual({ percent: 10 });
  expect(parseWaveSize(' 5 ')).toEqual({ phones: 5 });
  expect(parseRate('20/s')).toBe(50);
  expect(parseRate('6/m')).toBe(10_000);
  for (const wrong of ['', '-1', '101%', '1.5', 'x'])
    expect(() => parseWaveSize(wrong)).toThrow(/not a number of phones/);
  for (const wrong of ['', '0/s', '5', '5/h', '/s']) expect(() => parseRate(wrong)).toThrow(/not a rate/);
});
