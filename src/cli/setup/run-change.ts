import { visible } from '../../errors/visible.ts';
import { runFleet } from '../../fleet/run-fleet.ts';
import { nameOf, type PhoneSettings } from '../../protocol/settings.ts';
import type { ChangePlan, ChangeReport, WritablePage } from '../../setup/index.ts';
import type { Context } from '../context.ts';
import { showProgress } from '../output/progress.ts';
import { askAbout } from '../press/ask-first.ts';
import { foldNames } from '../press/folding.ts';
import { prepareFiles, showReports, writeFiles } from '../press/show-reports.ts';
import { changeLines, differenceText } from './change-text.ts';
import { leftAlone, type SetupOptions, selectForSetup, tellExperimental, webPhone } from './phones.ts';

/** How to change a page. */
export interface Change {
  readonly command: string;
  readonly page: WritablePage;
  readonly planFor: (phone: PhoneSettings) => Promise<ChangePlan>;
  /** The action, as worded in the confirmation for many phones. */
  readonly what: string;
  /** A likely mistake in it. */
  readonly warning?: string | undefined;
}

/**
 * What every change does: read all phones, show how they differ, ask if needed, write, and read again. Phones that do
 * not differ are not written to.
 * not differ are written nothing.
 */
export async function runChange(context: Context, change: Change, options: SetupOptions): Promise<void> {
  const { output } = context;
  const { command } = change;
  const dry = options.dryRun === true;
  const report = dry ? undefined : options.report;
  const selected = await selectForSetup(context, options);
  try {
    const { phones } = selected;
    await prepareFiles(context, { report });
    tellExperimental(context);
    if (change.warning !== undefined && !output.json && !output.quiet) {
      const text = visible(change.warning);
      output.note((paint) => `${paint('yellow', 'warning')}: ${text}`);
    }
    const started = performance.now();
    await context.beforeSending?.(phones.length);
    const seen = await serveAll(context, phones, change, {
      ...pace(options),
      dryRun: true,
      told: (report) => dry || !differs(report),
    });
    const differing = phones.filter((_, index) => differs(seen[index]));
    const reports = new Map(phones.map((phone, index) => [phone, seen[index] as ChangeReport]));
    if (differing.length > 0 && !dry) {
      const stopped = context.signal.aborted || (options.failFast === true && seen.some(isWrong));
      if (!stopped && !output.json && !output.quiet && options.ndjson !== true)
        output.note((paint) => differenceText(seen.filter(differs), paint));
      const names = foldNames(differing.map((phone) => ({ phone: nameOf(phone) })));
      const what = `this ${change.what} on ${visible(names)}`;
      if (!stopped) await askAbout(context, what, differing.length, options.yes === true);
      const written = await serveAll(context, differing, change, {
        ...options,
        agreed: reports,
        stopped,
        told: () => true,
      });
      for (const [index, phone] of differing.entries()) reports.set(phone, written[index] as ChangeReport);
    }
    const all = [...reports.values()];
    const ms = Math.round(performance.now() - started);
    showReports(context, command, all, {
      ms,
      written: options.ndjson === true,
      dryRun: dry,
      render: (paint) =>
        dry ? dryText(all, paint) : changeLines(output.quiet ? all.filter(isWrong) : all, paint),
    });
    await writeFiles(context, command, all, { ms }, report);
  } finally {
    await selected.close();
  }
}

type Paint = Parameters<typeof differenceText>[1];

function dryText(reports: readonly ChangeReport[], paint: Paint): string {
  const differing = reports.filter(differs);
  const right = reports.filter((report) => report.outcome === 'ok' && report.changes.length === 0);
  const same =
    right.length === 0 ? [] : [`${visible(foldNames(right))} (${right.length})  nothing to change`];
  return [...(differing.length === 0 ? [] : [differenceText(differing, paint)]), ...same].join('\n');
}

function differs(report: ChangeReport | undefined): report is ChangeReport {
  return report !== undefined && report.outcome === 'ok' && report.changes.length > 0;
}

function isWrong(report: ChangeReport): boolean {
  return 'error' in report;
}

/** Reading changes nothing, so it is limited only by the pace, not by waves. */
function pace({ jobs, rate, stagger, ndjson, retry, failFast }: SetupOptions): SetupOptions {
  return {
    ...(retry === undefined ? {} : { retry }),
    ...(failFast === undefined ? {} : { failFast }),
    ...(jobs === undefined ? {} : { jobs }),
    ...(rate === undefined ? {} : { rate }),
    ...(stagger === undefined ? {} : { stagger }),
    ...(ndjson === undefined ? {} : { ndjson }),
  };
}

interface Serving extends SetupOptions {
  /** The changes that were shown and confirmed, by phone. */
  readonly agreed?: ReadonlyMap<PhoneSettings, ChangeReport>;
  /** Nothing new is started. */
  readonly stopped?: boolean;
  /** Whether this is the final report of a phone. */
  readonly told: (report: ChangeReport) => boolean;
}

async function serveAll(
  context: Context,
  phones: readonly PhoneSettings[],
  { page, planFor }: Change,
  {
    jobs,
    rate,
    stagger = 0,
    serial: waves,
    maxFail,
    failFast,
    retry,
    dryRun = false,
    ndjson = false,
    agreed,
    stopped = false,
    told,
  }: Serving,
): Promise<readonly ChangeReport[]> {
  const { changePage } = await import('../../setup/index.ts');
  const progress = showProgress(context.output, phones.length);
  const serve = async (settings: PhoneSettings): Promise<ChangeReport> => {
    const options = { dryRun, retry, agreed: agreed?.get(settings)?.changes };
    const report = await changePage(webPhone(context, settings), page, await planFor(settings), options);
    if (ndjson && told(report)) context.output.lines([report]);
    progress.done('error' in report);
    return report;
  };
  const interval = Math.max(rate ?? 0, stagger);
  const fleet = { jobs, interval, waves, maxFail, failFast, signal: context.signal };
  const begun = stopped ? [] : runFleet(phones, serve, isWrong, fleet);
  const reports = await Promise.resolve(begun).finally(() => progress.stop());
  const reason = context.signal.aborted
    ? 'the run was stopped'
    : 'too many other phones failed before its turn';
  return phones.map((phone, index) => {
    const report = reports[index];
    if (report !== undefined) return report;
    const left = { ...leftAlone(phone, reason), changes: agreed?.get(phone)?.changes ?? [] };
    if (ndjson) context.output.lines([left]);
    return left;
  });
}
