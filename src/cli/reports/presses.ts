import type { ProvenReport } from '../../phone/index.ts';
import type { ReportDocument } from '../output/report-document.ts';
import type { PRESS_FORMATS, Render } from './index.ts';
import { junit } from './junit.ts';
import type { Case, Suite, SuiteProblem } from './suite.ts';
import { tap } from './tap.ts';

/** The formats of `--report` for commands that press keys: a line each. */
export const PRESS_REPORTS: Readonly<Record<(typeof PRESS_FORMATS)[number], Render<ReportDocument>>> = {
  junit: (document) => junit([suiteOf(document)], document.summary.ms),
  tap: (document) => tap([suiteOf(document)]),
};

/** A case a phone. */
function suiteOf({ command, summary, results }: ReportDocument): Suite {
  const cases = results.map(
    (report): Case => ({
      className: `atcom.${command}`,
      name: report.phone,
      title: `${command} on ${report.phone}`,
      ms: report.ms,
      problem: problemOf(report),
    }),
  );
  return { name: `atcom ${command}`, ms: summary.ms, cases };
}

/** Errors are phones whose state is not known or that were not reached, failures answers of the phone. */
function problemOf(report: ProvenReport): SuiteProblem | undefined {
  if (!('error' in report)) return undefined;
  const { outcome, error } = report;
  const { code, message, hint } = error;
  const kind =
    outcome === 'skipped'
      ? 'skipped'
      : outcome === 'unreachable' || outcome === 'unknown'
        ? 'error'
        : 'failure';
  return { kind, code, message, details: hint === undefined ? [] : [hint] };
}
