import { type Approval, rememberApprovals } from '../../doctor/approvals.ts';
import { HARMLESS_KEY, harmlessKey } from '../../doctor/harmless.ts';
import { ALLOW_LIST, type Asking, approvalHint, hintApproval } from '../../doctor/hints.ts';
import { ownAddress } from '../../doctor/route.ts';
import { visible } from '../../errors/visible.ts';
import type { ProvenReport } from '../../phone/index.ts';
import { formatDuration } from '../../protocol/duration.ts';
import { endpointOf, type PhoneSettings } from '../../protocol/settings.ts';
import type { Context } from '../context.ts';
import type { PhoneOptions, TargetOptions } from '../options.ts';
import { showProgress } from '../output/progress.ts';
import { askFirst } from '../press/ask-first.ts';
import { showPlan } from '../press/dry-run.ts';
import { UNFOLDED } from '../press/folding.ts';
import type { Job } from '../press/job.ts';
import { showExchange } from '../press/send.ts';
import { showReports } from '../press/show-reports.ts';
import { targetText } from '../press/target-text.ts';
import { checkOnce, selectPhones } from '../press/targets.ts';
import { startVirtual } from '../press/virtual.ts';

/** The options of `atcom allow`. */
export interface AllowOptions extends TargetOptions, Pick<PhoneOptions, 'dryRun' | 'timeout' | 'yes'> {
  /** How long to wait for the person at the phone, in milliseconds. */
  readonly wait: number;
  readonly key?: string;
}

/** Makes phones show their prompt, waits for someone to press Save on each, and remembers those that approved. */
export async function runAllow(context: Context, options: AllowOptions): Promise<void> {
  const { wait, ...selection } = options;
  const { phones, virtual } = await selectPhones(context, selection);
  checkOnce(phones);
  const config = await context.config();
  const simulator = virtual ? await startVirtual(context, undefined) : undefined;
  try {
    const jobOf = async (phone: PhoneSettings): Promise<Job> => {
      const timeout = options.timeout === undefined ? {} : { timeout: options.timeout };
      const settings = { ...(await config.settings(phone)), ...timeout };
      return { settings, sequence: harmlessKey(options.key ?? HARMLESS_KEY, settings) };
    };
    const all = [...phones, ...(simulator?.phones.slice(0, 1) ?? [])];
    const jobs = await Promise.all(all.map(jobOf));
    if (options.dryRun === true) return showPlan(context, { command: 'allow', jobs });
    await askFirst(context, jobs, options.yes === true);
    await askAll(context, jobs, { wait, lasting: phones.length });
  } finally {
    await simulator?.close();
  }
}

/**
 * All phones at once, because someone walks from one to the next.
 *
 * @param lasting - how many of the jobs, from the first, are phones that outlive this run
 */
async function askAll(
  context: Context,
  jobs: readonly Job[],
  { wait, lasting }: { readonly wait: number; readonly lasting: number },
): Promise<void> {
  const { output } = context;
  let saved = 0;
  const tellOnce = tellerOf(context, jobs.length, wait);
  await context.beforeSending?.(jobs.length);
  const started = performance.now();
  const progress = showProgress(output, jobs.length);
  const sent = await Promise.all(
    jobs.map(async (job) => {
      const report = await ask(context, job, wait, tellOnce);
      progress.done();
      if (report.outcome === 'ok' && jobs.length > 1 && !output.json && !output.quiet) {
        saved += 1;
        output.note(() =>
          visible(`${report.phone} lets this computer press its keys (${saved} of ${jobs.length})`),
        );
      }
      return report;
    }),
  ).finally(() => progress.stop());
  const ms = Math.round(performance.now() - started);
  const remembered = await remember(context, jobs.slice(0, lasting), sent);
  showReports(
    context,
    'allow',
    sent.map((report, index) =>
      report.outcome === 'ok' ? { ...report, remembered: remembered.has(index) } : report,
    ),
    { ms },
  );
}

/**
 * Presses the harmless key until the phone takes it. Asking again is allowed, because a phone that asks did nothing:
 * "press the Save button on the phone", then the request has to be sent again.
 */
async function ask(context: Context, job: Job, wait: number, tellOnce: Tell): Promise<ProvenReport> {
  const { settings, sequence } = job;
  const { Phone } = await import('../../phone/index.ts');
  const phone = new Phone(settings, context.transport);
  const show = showExchange(context);
  let told: Promise<void> | undefined;
  const report = await phone.send(sequence, {
    // Unlike other commands, it does not wait for the request in flight: that key is harmless, and the prompt stays.
    signal: context.signal,
    // The phone gives up where another second would be too long; here the last question comes after it.
    waitApproval: wait === 0 ? 0 : wait + 1000,
    onRequest: (request, head, body) => {
      show?.(request, head, body);
      if (request.outcome === 'approval' && wait > 0) told ??= tellOnce(phone.name, settings);
    },
  });
  await told;
  return hintApproval(context, { settings, target: targetText(context, settings) }, report, (asking) =>
    // Nobody had all that time.
    context.signal.aborted ? approvalHint(asking) : lateHint(asking, wait),
  );
}

/** Prints what to do at a phone that asks. */
type Tell = (name: string, settings: Job['settings']) => Promise<void>;

/** Of many phones only the first is told of: all ask the same, and the report at the end names those that still do. */
function tellerOf({ output }: Context, phones: number, wait: number): Tell {
  const many = phones > UNFOLDED;
  let told = output.json || output.quiet;
  return async (name, settings) => {
    if (told) return;
    told = many;
    const own = await addressFor(settings);
    const head = many ? 'The phones ask' : `${visible(name)} asks`;
    const [save, other] = many
      ? ['Press Save on each.', 'If one does not ask']
      : ['Press Save on the phone.', 'If it does not ask'];
    output.note(
      (paint) => `${head} "Allow Remote Control?"
  ${paint('bold', save)} Waiting for that, up to ${formatDuration(wait)}.
  ${other}: enter ${own ?? 'the address of this computer'} in the ${ALLOW_LIST}.`,
    );
  };
}

function addressFor(settings: Job['settings']): Promise<string | undefined> {
  return ownAddress(endpointOf(settings)).catch(() => undefined);
}

/** Remembers the phones that approved, and returns which jobs they belong to. */
async function remember(
  context: Context,
  jobs: readonly Job[],
  reports: readonly ProvenReport[],
): Promise<ReadonlySet<number>> {
  const at = new Date().toISOString();
  const fresh = new Map<string, Approval>();
  const indexes = new Set<number>();
  for (const [index, { settings }] of jobs.entries()) {
    const report = reports[index];
    if (report?.outcome !== 'ok') continue;
    const from = await addressFor(settings);
    fresh.set(report.host, from === undefined ? { at } : { at, from });
    indexes.add(index);
  }
  if (fresh.size === 0) return indexes;
  const { output } = context;
  const { written, complaint } = await rememberApprovals(context, fresh);
  if (complaint !== undefined && !output.json) {
    output.note((paint) => `${paint('yellow', 'warning')}: ${visible(complaint)}`);
  }
  if (written && !output.json && !output.quiet) {
    output.note(() => `Remembered: ${visible([...fresh.keys()].join(', '))} let this computer press keys.`);
  }
  return written ? indexes : new Set();
}

function lateHint(asking: Asking, wait: number): string {
  if (asking.remembered !== undefined || wait === 0) return approvalHint(asking);
  const own = asking.own ?? "this computer's address";
  return `Save was not pressed within ${formatDuration(wait)}: press it while atcom allow waits, such as with --wait 5m; if the phone does not ask, enter ${own} in the ${ALLOW_LIST}`;
}
