import type { AtcomError } from '../../errors.ts';
import type { ProvenReport } from '../../phone/index.ts';
import { earlierText } from '../output/render.ts';
import { isSkipped, type ReportDocument } from '../output/report-document.ts';
import type { PRESS_FORMATS, Render } from './index.ts';
import { junit } from './junit.ts';
import type { Case, Suite, SuiteProblem } from './suite.ts';
import { tap } from './tap.ts';

/** The formats of `--report` for commands that press keys. */
export const PRESS_REPORTS: Readonly<Record<(typeof PRESS_FORMATS)[number], Render<ReportDocument>>> = {
  junit: (document) => junit([suiteOf(document)], document.summary.ms),
  tap: (document) => tap([suiteOf(document)]),
};

/** A case a phone. */
function suiteOf({ command, summary, results, error }: ReportDocument): Suite {
  const phones = results.map(
    (report): Case => ({
      className: `atcom.${command}`,
      name: report.phone,
      title: `${command} on ${report.phone}`,
      ms: report.ms,
      problem: problemOf(report),
      note: earlierText(report)[0],
    }),
  );
  const cases = error === undefined ? phones : [...phones, refusalCase(command, error)];
  return { name: `atcom ${command}`, ms: summary.ms, cases };
}

/** The case of a run that ended before its end, or was refused before its beginning. */
function refusalCase(command: string, error: AtcomError): Case {
  return {
    className: `atcom.${command}`,
    name: `atcom ${command}`,
    title: `atcom ${command}`,
    ms: 0,
    problem: { kind: 'error', ...textsOf(error) },
  };
}

/** Errors are phones that were not reached, or whose state is not known or half done; failures answers of the phone. */
function problemOf(report: ProvenReport): SuiteProblem | undefined {
  if (!('error' in report)) return undefined;
  const { outcome, error } = report;
  const kind = isSkipped(report)
    ? 'skipped'
    : outcome === 'skipped' || outcome === 'unreachable' || outcome === 'unknown' || outcome === 'partial'
      ? 'error'
      : 'failure';
  return { kind, ...textsOf(error) };
}

function textsOf({ code, message, hint }: AtcomError): Omit<SuiteProblem, 'kind'> {
  return { code, message, details: hint?.split('\n') ?? [] };
}
