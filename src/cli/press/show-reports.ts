import { visible } from '../../errors/visible.ts';
import { type AtcomError, stoppedBy } from '../../errors.ts';
import type { ProvenReport } from '../../phone/index.ts';
import type { Context } from '../context.ts';
import type { PhoneOptions } from '../options.ts';
import type { Paint } from '../output/output.ts';
import { errorText, reportLines, summaryText } from '../output/render.ts';
import { exitCodeOf, reportDocument } from '../output/report-document.ts';
import type { ReportTarget } from '../reports/index.ts';
import { againCommand } from './again.ts';
import { failureGroups, foldedLines, UNFOLDED, warningGroups } from './folding.ts';

/** How reports are shown. */
interface Showing {
  readonly ms: number;
  /** Whether `--ndjson` has already written each report. */
  readonly written?: boolean;
  /** The text of the reports, if it is not one line each. */
  readonly render?: ((paint: Paint) => string) | undefined;
  /** What was pressed once the call was up. */
  readonly digits?: string | undefined;
  /** Nothing was sent because there was nothing to send. */
  readonly dryRun?: boolean;
  /** All phones of the run; those that a retry leaves out have no report. */
  readonly selected?: Parameters<typeof againCommand>[2];
  /** Why the run ended early. */
  readonly failure?: AtcomError<'journal'> | undefined;
}

/** Prints the reports of a run and sets its exit code; with `--ndjson` they have already been printed. */
export function showReports(
  context: Context,
  command: string,
  reports: readonly ProvenReport[],
  { ms, written = false, failure, render, selected, digits, dryRun = false }: Showing,
): void {
  const { output, exit, signal } = context;
  const exitCode = signal.aborted ? stoppedBy(signal).exitCode : (failure?.exitCode ?? exitCodeOf(reports));
  const document = {
    ...reportDocument(command, reports, { ms, exitCode, error: failure }),
    ...(dryRun ? { dryRun } : {}),
  };
  const shown = output.quiet ? reports.filter((report) => 'error' in report) : reports;
  if (!written) {
    output.result(document, (paint) => {
      if (render !== undefined) return render(paint);
      if (shown.length === 0) return '';
      return reports.length > UNFOLDED ? foldedLines(shown, paint) : reportLines(shown, paint, digits);
    });
  }
  exit(exitCode);
  context.onReports?.(reports);
  // With --ndjson, no document has it.
  if (failure !== undefined && (written || !output.json))
    output.note((paint) => errorText(failure.toJSON(), paint));
  if (!output.json && !(written && output.quiet)) {
    showNotes(context, reports, { canGoOn: failure?.details.gone !== true, selected });
  }
}

/** What is told beside the results: warnings, causes, how to go on, and the summary. */
function showNotes(
  { output, said }: Context,
  reports: readonly ProvenReport[],
  { canGoOn, selected }: Pick<Showing, 'selected'> & { readonly canGoOn: boolean },
): void {
  for (const { warning, names } of warningGroups(reports)) {
    const told = visible(`${names} accepted the keys, and answered: ${warning}`);
    output.note((paint) => `${paint('yellow', 'warning')}: ${told}`);
  }
  for (const { error, names } of failureGroups(reports)) {
    output.note((paint) => errorText(error, paint, names));
  }
  const again = canGoOn && reports.length > 1 ? againCommand(said(), reports, selected) : undefined;
  if (again !== undefined)
    output.note(
      (paint) =>
        `${paint('bold', 'To try again only the phones where nothing was done:')}\n  ${visible(again)}`,
    );
  if (reports.length > 1 && !output.quiet) output.note(() => summaryText(reports));
}

/** Checks that the files of `--report` can be written, before anything is sent, and empties those of the last run. */
export async function prepareFiles(
  context: Context,
  { report: targets, journal }: { readonly [K in 'report' | 'journal']?: PhoneOptions[K] | undefined },
): Promise<void> {
  if (targets === undefined) return;
  const { prepareReports } = await import('../reports/index.ts');
  const { signal, output } = context;
  await prepareReports(targets, { person: context, signal, json: output.json, journal });
}

/**
 * Writes the files of `--report`. A file that cannot be written is a failure, because a build server would read an old
 * one.
 */
export async function writeFiles(
  context: Context,
  command: string,
  reports: readonly ProvenReport[],
  { ms, failure }: Pick<Showing, 'ms' | 'failure'>,
  targets: readonly ReportTarget[] | undefined,
): Promise<void> {
  if (targets === undefined) return;
  const { output, stdout, signal, exit } = context;
  const [{ writeReports }, { PRESS_REPORTS }] = await Promise.all([
    import('../reports/index.ts'),
    import('../reports/presses.ts'),
  ]);
  // Without what ended it early, a run whose phones were mostly skipped would look as if all were well.
  const error = failure ?? (signal.aborted ? stoppedBy(signal) : undefined);
  const document = reportDocument(command, reports, { ms, error });
  const complain = (error: AtcomError) => {
    output.note((paint) => errorText(error.toJSON(), paint));
    if (document.ok) exit(1);
  };
  await writeReports(targets, document, PRESS_REPORTS, { stdout, person: context, signal, complain });
}
