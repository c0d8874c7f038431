import { networkInterfaces } from 'node:os';
import { AtcomError, stoppedBy } from '../../errors.ts';
import { discover, endpointsOf, FIRST_PAGE, type Find } from '../../fleet/discover.ts';
import { originOf } from '../../protocol/command-url.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import { expandAddresses } from '../../targets/addresses.ts';
import type { Context } from '../context.ts';
import { confirm } from '../output/confirm.ts';
import { startProgress } from '../output/progress.ts';
import { newPageGetter } from '../page-getter.ts';
import { configLines, documentOf, summaryLines } from './found.ts';
import { placeFinds } from './placing.ts';

/** A /22; for more addresses the user is asked first. */
const MANY_ADDRESSES = 1024;

/** The options of `atcom discover`. */
export interface SearchOptions {
  readonly port?: readonly number[] | undefined;
  readonly timeout?: number | undefined;
  readonly jobs?: number | undefined;
  readonly dryRun?: boolean | undefined;
  readonly yes?: boolean | undefined;
}

/** Searches addresses for phones, and compares them with the config. */
export async function search(
  context: Context,
  texts: readonly string[],
  options: SearchOptions,
): Promise<void> {
  const { output, signal, exit } = context;
  const { port: ports = [80], timeout = 1000, jobs } = options;
  const addresses = expandAddresses(texts);
  if (options.dryRun === true) {
    const urls = addresses.flatMap((address) =>
      endpointsOf(address, ports).map((endpoint) => originOf(endpoint) + FIRST_PAGE),
    );
    const plan = { ...documentHead('discover'), dryRun: true, urls };
    output.result(plan, () => urls.join('\n'));
    return;
  }
  const config = await context.config();
  await confirmSearch(context, addresses.length, options.yes === true);
  await context.beforeSending?.();
  const started = performance.now();
  const unrouted = new Set<string>();
  const get = await newPageGetter(context, ({ host }) => unrouted.add(host));
  const progress = showProgress(context, addresses.length);
  const onSearched = progress.searched;
  const found = await discover(addresses, { get, ports, timeout, jobs, signal, onSearched }).finally(
    progress.stop,
  );
  if (unrouted.size === addresses.length) throw noNetwork(addresses.length);
  const placed = await placeFinds(context, config, found.finds);
  const exitCode = signal.aborted ? stoppedBy(signal).exitCode : 0;
  const counts = { addresses: addresses.length, unrouted: unrouted.size, ms: performance.now() - started };
  output.result(documentOf(found, placed, { ...counts, exitCode }), () => configLines(placed));
  if (!output.json && !output.quiet) output.note(() => summaryLines(found, placed, counts));
  exit(exitCode);
}

async function confirmSearch(context: Context, addresses: number, yes: boolean): Promise<void> {
  if (yes || addresses <= MANY_ADDRESSES) return;
  const what = `this contacts ${addresses} addresses, more than the ${MANY_ADDRESSES} of a /22`;
  if (!(await confirm(context, what))) throw new AtcomError('not-confirmed', { what });
}

/** An error, because "nothing found" would be wrong if no search was possible. */
function noNetwork(addresses: number): AtcomError {
  const all = Object.values(networkInterfaces()).flatMap((one = []) => one);
  return new AtcomError('no-network', { addresses, isolated: all.every(({ internal }) => internal) });
}

/** Progress that counts addresses. */
function showProgress({ output }: Context, total: number) {
  let [searched, found] = [0, 0];
  const progress = startProgress(output, () => `${searched}/${total} addresses  found ${found}`);
  return {
    searched: (finds: readonly Find[]) => {
      searched += 1;
      found += finds.length;
      progress.update();
    },
    stop: () => progress.stop(),
  };
}
