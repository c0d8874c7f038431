import { interruptedCode } from '../../errors.ts';
import { type DocumentHead, documentHead } from '../../protocol/outcomes.ts';
import type { ScenarioResult } from '../result.ts';

/** What a run of scenarios came to, as `--json` writes it and as every report is made from it. */
export interface RunDocument extends DocumentHead {
  /** Given where a scenario that passed late has failed. */
  readonly failOnFlaky?: true;
  readonly summary: Readonly<
    Record<'scenarios' | 'passed' | 'failed' | 'errors' | 'skipped' | 'flaky' | 'ms', number>
  >;
  readonly results: readonly ScenarioResult[];
}

/** How a run is summed up. */
export interface Summing {
  readonly ms: number;
  /** Where the run was stopped: its reason is why. */
  readonly signal: AbortSignal;
  /** Whether a scenario that passed late has failed. */
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

/** One class of failure gives its code, several give 1; what was skipped adds none. */
function exitCodeOf(results: readonly ScenarioResult[], { signal, failOnFlaky }: Summing): number {
  if (signal.aborted) return interruptedCode(signal);
  const codes = new Set(
    results.flatMap(({ status, error, attempts }) => {
      if (status === 'flaky') return failOnFlaky ? [attempts[0]?.error?.exitCode ?? 6] : [];
      return status === 'failed' || status === 'error' ? [error?.exitCode ?? 1] : [];
    }),
  );
  const [only, ...others] = codes;
  return others.length > 0 ? 1 : (only ?? 0);
}
