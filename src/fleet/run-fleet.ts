import { onAbort, pause } from '../abort.ts';

/** The pace of a run, and when it stops. */
export interface FleetOptions {
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
  options: FleetOptions = {},
): Promise<readonly (Result | undefined)[]> {
  const results: (Result | undefined)[] = new Array(items.length).fill(undefined);
  const { waves, maxFail = waves === undefined ? undefined : NONE } = options;
  const stop = new AbortController();
  const forget = onAbort(options.signal, () => stop.abort());
  if (options.signal?.aborted === true) stop.abort();
  const { signal } = stop;
  const pace = pacer(options.interval, signal);
  const serveAt = async (index: number) => {
    await pace();
    if (signal.aborted) return false;
    const result = await serve(items[index] as Item);
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

/** Waits until one interval after the last start, one at a time: what was stopped for a minute does not make up for it. */
function pacer(interval: number | undefined, signal: AbortSignal): () => Promise<void> {
  if (interval === undefined || interval === 0) return () => Promise.resolve();
  let last = Promise.resolve();
  let next = performance.now();
  const turn = async () => {
    await pause(next - performance.now(), signal);
    next = Math.max(next, performance.now() - LATE) + interval;
  };
  return () => {
    last = last.then(turn);
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
