import type { AtcomError } from '../../errors.ts';
import { pathIn } from '../../files/links.ts';
import { runDocument, type ScenarioResult } from '../../scenario/index.ts';
import type { Context } from '../context.ts';
import { type ReportDocument, reportDocument } from '../output/report-document.ts';
import { reportsOf } from '../test/reports.ts';
import { type ReportTarget, writeReports } from './index.ts';
import { PRESS_REPORTS } from './presses.ts';
import { SCENARIO_REPORTS } from './scenarios.ts';

/**
 * Replaces reports by one of a run that was refused: yesterday's would tell a build server that all is well.
 *
 * @param files - the scenario files, one of which may be to blame
 */
export async function reportRefusal(
  context: Context,
  command: string,
  targets: readonly ReportTarget[],
  error: AtcomError,
  files: readonly string[] = [],
): Promise<void> {
  const { stdout, signal, cwd } = context;
  const { exitCode } = error;
  const results = refusals(command, files, error, cwd);
  const run = { ...runDocument(results, { ms: 0, signal, failOnFlaky: false }), exitCode };
  if (command === 'test') return reportsOf(context, targets).write(run);
  // Why one cannot be written is what the run was refused for, or of no more use.
  const writing = { stdout, person: context, signal, complain: () => undefined };
  const document: ReportDocument = reportDocument(command, [], { ms: 0, exitCode, error });
  await writeReports(targets, document, PRESS_REPORTS, writing);
  // Whoever mistypes `atcom test` may mean these.
  const { json, html } = SCENARIO_REPORTS;
  await writeReports(targets, run, { json, html }, writing);
}

/** A result for each faulty file, or for the first file if the error names none. */
function refusals(
  command: string,
  files: readonly string[],
  error: AtcomError,
  cwd: string,
): readonly ScenarioResult[] {
  const problems = 'problems' in error.details ? error.details.problems : [];
  const unread = 'file' in error.details ? error.details.file : undefined;
  const named = files.filter(
    (file) => pathIn(cwd, file) === unread || problems.some((problem) => problem.startsWith(`${file}:`)),
  );
  const [first = `atcom ${command}`] = files;
  const blamed = named.length > 0 ? named : [first];
  return blamed.map((file): ScenarioResult => {
    const line = Number(
      /:(\d+):/.exec(problems.find((problem) => problem.startsWith(`${file}:`)) ?? '')?.[1] ?? 1,
    );
    return { name: file, file, line, tags: [], status: 'error', ms: 0, phones: [], attempts: [], error };
  });
}
