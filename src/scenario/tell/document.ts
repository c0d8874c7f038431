import { stoppedBy } from '../../errors.ts';
import { type DocumentHead, documentHead } from '../../protocol/outcomes.ts';
import type { ScenarioResult } from '../result.ts';

/** The result of a run of scenarios, as `--json` writes it. All reports are made from it. */
export interface RunDocument extends DocumentHead {
  /** True if a late pass counts as a failure. */
  readonly failOnFlaky?: true;
  readonly summary: Readonly<
    Record<'scenarios' | 'passed' | 'failed' | 'errors' | 'skipped' | 'flaky' | 'ms', number>
  >;
  readonly results: readonly ScenarioResult[];
}

/** What else is needed to sum up a run. */
export interface Summing {
  readonly ms: number;
  /** Its reason says why the run was stopped. */
  readonly signal: AbortSignal;
  /** Whether a late pass counts as a failure. */
  readonly failOnFlaky: boolean;
}

/** Sums up a run. */
export function runDocument(results: readonly ScenarioResult[], summing: Summing): RunDocument {
  const count = (status: ScenarioResult['status']) =>
    results.filter((result) => result.status === status).length;
  const exitCode = exitCodeOf(results, summing);
  const summary = {
    scenarios: results.length,
    passed: count('passed'),
    failed: count('failed'),
    errors: count('error'),
    skipped: count('skipped'),
    flaky: count('flaky'),
    ms: summing.ms,
  };
  const strict = summing.failOnFlaky ? ({ failOnFlaky: true } as const) : {};
  return { ...documentHead('test', exitCode), ...strict, summary, results };
}

/** One kind of failure has its exit code, several have 1. Skipped scenarios do not count. */
function exitCodeOf(results: readonly ScenarioResult[], { signal, failOnFlaky }: Summing): number {
  if (signal.aborted) return stoppedBy(signal).exitCode;
  const codes = new Set(
    results.flatMap(({ status, error, attempts }) => {
      if (status === 'flaky') return failOnFlaky ? [attempts[0]?.error?.exitCode ?? 6] : [];
      return status === 'failed' || status === 'error' ? [error?.exitCode ?? 1] : [];
    }),
  );
  const [only, ...others] = codes;
  // 2 promises that nothing was sent.
  return others.length > 0 || (only === 2 && results.some(hasPressed)) ? 1 : (only ?? 0);
}

function hasPressed({ attempts }: ScenarioResult): boolean {
  return attempts.some(({ trace }) => trace.some(({ kind }) => kind === 'press'));
}
