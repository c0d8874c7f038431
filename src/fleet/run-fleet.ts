import { onAbort, pause } from '../abort.ts';

/** The pace of a run, and when it stops. */
export interface FleetOptions<Item = unknown> {
  /** How many phones are served concurrently; 128 by default, at most 256. */
  readonly jobs?: number | undefined;
  /** Milliseconds between two starts, for `--rate` and `--stagger`. */
  readonly interval?: number | undefined;
  /** Wave sizes; the last one repeats. */
  readonly waves?: readonly WaveSize[] | undefined;
  /**
   * The next wave starts only if at most this many phones of the previous one failed; 0 by default. Without waves,
   * nothing new starts once more than this many phones of the run have failed.
   */
  readonly maxFail?: WaveSize | undefined;
  /** Start nothing new after the first failure. */
  readonly failFast?: boolean | undefined;
  /**
   * Comes before an item is served, and in its turn, so that whatever it waits for holds up the turns after it. Resolves to
   * whether to serve the item; it must not reject.
   */
  readonly announce?: ((item: Item) => Promise<boolean>) | undefined;
  /** Start nothing new once aborted, but let requests in flight finish. */
  readonly signal?: AbortSignal | undefined;
}

/** A number of phones, or a share of them. */
export type WaveSize = { readonly phones: number } | { readonly percent: number };

/** More would not be faster, and sockets would run out. */
export const MOST_JOBS = 256;

const NONE: WaveSize = { phones: 0 };

/** How many phones are served concurrently by default. */
const DEFAULT_JOBS = 128;

/**
 * Serves all items concurrently and returns their results in the order of the items. An item that was not started has
 * no result.
 *
 * @param failed - whether a result counts against `maxFail` and `failFast`
 */
export async function runFleet<Item, Result>(
  items: readonly Item[],
  serve: (item: Item) => Promise<Result>,
  failed: (result: Result) => boolean,
  options: FleetOptions<Item> = {},
): Promise<readonly (Result | undefined)[]> {
  const results: (Result | undefined)[] = new Array(items.length).fill(undefined);
  const { waves, maxFail = waves === undefined ? undefined : NONE, announce = async () => true } = options;
  const stop = new AbortController();
  const forget = onAbort(options.signal, () => stop.abort());
  if (options.signal?.aborted === true) stop.abort();
  const { signal } = stop;
  const pace = pacer(options.interval, signal);
  const serveAt = async (index: number) => {
    const item = items[index] as Item;
    if (!(await pace(() => announce(item)))) return false;
    const result = await serve(item);
    results[index] = result;
    return failed(result);
  };
  for (const [from, to] of wavesOf(items.length, waves)) {
    let [next, failures] = [from, 0];
    const tooMany = () => maxFail !== undefined && exceeds(failures, to - from, maxFail);
    const worker = async () => {
      while (next < to && !signal.aborted) {
        if (await serveAt(next++)) failures += 1;
        // A wave that has begun is finished, so as many phones as it holds can fail.
        if ((failures > 0 && options.failFast === true) || (waves === undefined && tooMany())) stop.abort();
      }
    };
    const jobs = Math.min(options.jobs ?? DEFAULT_JOBS, MOST_JOBS, to - from);
    await Promise.all(Array.from({ length: jobs }, worker));
    if (signal.aborted || tooMany()) break;
  }
  forget();
  return results;
}

/** What a busy computer may be late, in milliseconds, without that the next start is put off. */
const LATE = 20;

/** Starts something in its turn; resolves to whether it started. */
type Pace = (start: () => Promise<boolean>) => Promise<boolean>;

/**
 * Starts one interval after the last start, one at a time: neither what was stopped for a minute nor a disk that gave no
 * answer for one makes up for it.
 */
function pacer(interval: number | undefined, signal: AbortSignal): Pace {
  if (interval === undefined || interval === 0) return (start) => start();
  let last = Promise.resolve(true);
  let next = performance.now();
  return (start) => {
    last = last.then(async () => {
      await pause(next - performance.now(), signal);
      if (signal.aborted) return false;
      const started = await start();
      next = Math.max(next, performance.now() - LATE) + interval;
      return started;
    });
    return last;
  };
}

/** The waves of a run, as ranges of indices. */
export function wavesOf(total: number, sizes: readonly WaveSize[] | undefined): [number, number][] {
  const waves: [number, number][] = [];
  for (let from = 0; from < total; ) {
    const size = sizes?.[Math.min(waves.length, sizes.length - 1)];
    const to = Math.min(total, from + (size === undefined ? total : Math.max(1, countOf(size, total))));
    waves.push([from, to]);
    from = to;
  }
  return waves;
}

function countOf(size: WaveSize, total: number): number {
  return 'phones' in size ? size.phones : Math.ceil((total * size.percent) / 100);
}

function exceeds(failures: number, total: number, most: WaveSize): boolean {
  return failures > ('phones' in most ? most.phones : (total * most.percent) / 100);
}
