import { type AtcomError, isAtcomError } from '../../errors.ts';
import type { ProvenReport } from '../../phone/index.ts';
import { type DocumentHead, documentHead, OUTCOMES } from '../../protocol/outcomes.ts';

/** The `--json` document of a command that presses keys. */
export interface ReportDocument extends DocumentHead {
  /** Nothing was sent because `--dry-run` or `--curl` was given. */
  readonly dryRun?: true;
  readonly summary: {
    readonly phones: number;
    readonly ok: number;
    readonly failed: number;
    readonly skipped: number;
    readonly ms: number;
  };
  readonly results: readonly ProvenReport[];
  /** Why the run ended early, if no phone caused it. */
  readonly error?: AtcomError;
}

/** The `--json` document of a command that failed before any phone. */
export interface ErrorDocument extends DocumentHead {
  readonly error: AtcomError;
}

/** If all failures have one class, its exit code, otherwise 1; skipped phones do not count. */
export function exitCodeOf(reports: readonly ProvenReport[]): number {
  const failed = reports.filter((report) => 'error' in report);
  const causes = failed.filter(({ outcome }) => outcome !== 'skipped');
  const codes = new Set(
    (causes.length > 0 ? causes : failed).map(({ outcome }) => OUTCOMES[outcome].exitCode),
  );
  const [only, ...others] = codes;
  return others.length > 0 ? 1 : (only ?? 0);
}

/**
 * Whether a phone was left out by this run, whose other phones tell why. One to which an earlier run never came is not:
 * nobody pressed it.
 */
export function isSkipped(report: ProvenReport): boolean {
  return 'error' in report && isLeftOut(report.error);
}

function isLeftOut(error: AtcomError): boolean {
  return isAtcomError(error) && error.code === 'skipped' && error.details.untried !== true;
}

/** The JSON document of reports. */
export function reportDocument(
  command: string,
  reports: readonly ProvenReport[],
  {
    ms,
    exitCode = exitCodeOf(reports),
    error,
  }: { readonly ms: number; readonly exitCode?: number; readonly error?: AtcomError | undefined },
): ReportDocument {
  const ok = reports.filter((report) => !('error' in report)).length;
  const skipped = reports.filter(({ outcome }) => outcome === 'skipped').length;
  return {
    ...documentHead(command, exitCode),
    summary: { phones: reports.length, ok, failed: reports.length - ok - skipped, skipped, ms },
    results: reports,
    ...(error === undefined ? {} : { error }),
  };
}
