import { readApprovals } from '../../doctor/approvals.ts';
import { visible } from '../../errors/visible.ts';
import { stoppedBy } from '../../errors.ts';
import { FIRST_PAGE } from '../../fleet/discover.ts';
import { runFleet } from '../../fleet/run-fleet.ts';
import { originOf } from '../../protocol/command-url.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import type { PhoneSettings } from '../../protocol/settings.ts';
import type { Context } from '../context.ts';
import { attachToListener } from '../listen/start-listening.ts';
import { count } from '../output/text.ts';
import { newPageGetter } from '../page-getter.ts';
import { type Chosen, choosePhones, identityOf, type StatusOptions } from './phones.ts';
import { isWanted, resultsOf, type StatusResult } from './result.ts';
import { rowsOf, tableLines } from './table.ts';
import { warningLines } from './warning.ts';

/** The timeout for a web server's response, in milliseconds. */
const TIMEOUT = 1000;

/** The exit code if some do not respond: that of `unreachable`. */
const SILENT = 3;

/** A pipe has no width; a terminal that does not report its width gets a narrow table. */
const NO_LIMIT = 10_000;

/** `atcom status` without `--watch`. */
export async function showStatus(context: Context, options: StatusOptions): Promise<void> {
  const { output, stdout } = context;
  const chosen = await choosePhones(context, options);
  const { settings, port, names } = chosen;
  // Before the phones are asked, who may take every handle that this program may open.
  const listener = await attachToListener(context, { port, phones: settings });
  const { approvals, complaint } = await readApprovals(context);
  const attached = typeof listener === 'string' ? undefined : listener;
  const { web, unrouted } = await askWeb(context, settings, options);
  await attached?.close();
  const all = resultsOf(chosen, attached?.hub, (host, index) => ({
    web: web[index] ?? 'unasked',
    approved: complaint === undefined ? approvals.has(host) : null,
  }));
  const results = all.filter((result) => isWanted(result, options.only));
  const silent = unrouted > 0 || all.some((result) => result.web === 'silent') ? SILENT : 0;
  const exitCode = context.signal.aborted ? stoppedBy(context.signal).exitCode : silent;
  const summary = {
    phones: all.length,
    shown: results.length,
    silent: all.filter((one) => one.web === 'silent').length,
  };
  const document = {
    ...documentHead('status', exitCode),
    listener: attached === undefined ? null : { port },
    summary,
    results,
  };
  output.result(document, (paint) => {
    const width = stdout.isTTY === true ? stdout.columns || 80 : NO_LIMIT;
    const rows = rowsOf(results, { names, now: Date.now() });
    return results.length === 0 ? '' : tableLines(rows, width, paint).join('\n');
  });
  if (!output.json && !output.quiet && !context.signal.aborted)
    tell(context, { chosen, listener, unrouted, shown: results.length, of: all.length });
  context.exit(exitCode);
}

/** The requests that `atcom status` would send. */
export async function showRequests(
  context: Context,
  options: StatusOptions & { readonly watch?: boolean },
): Promise<void> {
  const { settings } = await choosePhones(context, options);
  const asked = options.web === false || options.watch === true ? [] : settings;
  const urls = asked.map((phone) => originOf(identityOf(phone).endpoint) + FIRST_PAGE);
  context.output.result({ ...documentHead('status'), dryRun: true, urls }, () => urls.join('\n'));
}

/** Requests each phone's first page, which presses no key and shows no prompt. */
async function askWeb(
  context: Context,
  settings: readonly PhoneSettings[],
  { web, timeout = TIMEOUT }: StatusOptions,
): Promise<Asked> {
  if (web === false) return { web: [], unrouted: 0 };
  await context.beforeSending?.(settings.length);
  const unrouted = new Set<object>();
  const get = await newPageGetter(context, (endpoint) => unrouted.add(endpoint));
  const ask = async (phone: PhoneSettings) => {
    const { endpoint } = identityOf(phone);
    const page = await get(endpoint, FIRST_PAGE, timeout, phone.tls?.fingerprint);
    if (page !== undefined) return 'answers' as const;
    return unrouted.has(endpoint) ? ('unasked' as const) : ('silent' as const);
  };
  const answers = await runFleet(settings, ask, () => false, { signal: context.signal });
  return { web: answers, unrouted: unrouted.size };
}

interface Asked {
  readonly web: readonly (StatusResult['web'] | undefined)[];
  /** To how many phones this computer has no route. */
  readonly unrouted: number;
}

interface Told {
  readonly chosen: Chosen;
  /** Why there is no listener, if somebody has its port. */
  readonly listener: string | object | undefined;
  readonly unrouted: number;
  readonly shown: number;
  readonly of: number;
}

function tell({ output }: Context, { chosen: { port }, listener, unrouted, shown, of }: Told): void {
  if (of === 0)
    output.note(() => 'The config has no phones, and none has reported anything; see atcom help config.');
  else if (shown < of) output.note(() => `${count(shown, 'phone')} of ${of}`);
  const warn = (what: string, fix: string) => output.note((paint) => warningLines(what, fix, paint));
  if (unrouted > 0) {
    const what = `this computer has no route to ${count(unrouted, 'phone')}, so nobody asked whether they answer`;
    warn(what, 'look at the network of this computer: cable, WLAN, VPN');
  }
  if (typeof listener === 'object') return;
  const [what, fix] =
    listener === undefined
      ? [`no listener runs on port ${port}, so nothing is known about calls`, 'keep atcom listen running']
      : [
          `nothing is known about calls from port ${port}: ${visible(listener)}`,
          'a listener serves only its own user and version: restart it, or run atcom listen as this user on a free port',
        ];
  warn(what, fix);
}
