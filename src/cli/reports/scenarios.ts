import { explain, type RunDocument, type ScenarioResult } from '../../scenario/index.ts';
import { jsonText } from '../output/output.ts';
import { html } from './html.ts';
import type { Render, SCENARIO_FORMATS } from './index.ts';
import { junit } from './junit.ts';
import type { Case, Suite, SuiteProblem } from './suite.ts';
import { tap } from './tap.ts';

/** The formats of `--report` of `atcom test` that are written to a file. */
export const SCENARIO_REPORTS: Readonly<Record<(typeof SCENARIO_FORMATS)[number], Render<RunDocument>>> = {
  junit: (document) => junit(suitesOf(document), document.summary.ms),
  tap: (document) => tap(suitesOf(document)),
  json: (document) => `${jsonText(document)}\n`,
  html,
};

/** One suite per file, and one case per scenario. */
function suitesOf({ results, failOnFlaky }: RunDocument): Suite[] {
  const files = [...new Set(results.map(({ file }) => file))];
  return files.map((file) => {
    const own = results.filter((result) => result.file === file);
    return {
      name: file,
      ms: own.reduce((sum, { ms }) => sum + ms, 0),
      cases: own.map((result) => caseOf(result, failOnFlaky === true)),
    };
  });
}

function caseOf(result: ScenarioResult, strict: boolean): Case {
  const { file, line, name, ms, status, attempts } = result;
  return {
    className: file.replace(/\.ya?ml$/, ''),
    name,
    place: { file, line },
    title: `${name} (${file})`,
    ms,
    problem: status === 'flaky' && strict ? flakyProblem(result) : problemOf(result),
    note: status === 'flaky' ? `flaky: passed at try ${attempts.length}` : undefined,
  };
}

/** With `--fail-on-flaky`: the failure of the first attempt. */
function flakyProblem(result: ScenarioResult): SuiteProblem | undefined {
  const [first] = result.attempts;
  if (first === undefined) return undefined;
  const problem = problemOf({ ...result, status: first.verdict, attempts: [first], error: first.error });
  return (
    problem && { ...problem, message: `flaky: passed at try ${result.attempts.length}; ${problem.message}` }
  );
}

function problemOf(result: ScenarioResult): SuiteProblem | undefined {
  const { status, error } = result;
  if (error === undefined) return undefined;
  if (status === 'skipped') return { kind: 'skipped', code: error.code, message: error.message, details: [] };
  const { where = [], details = [], hint } = explain(result) ?? {};
  return {
    kind: status === 'failed' ? 'failure' : 'error',
    code: error.code,
    message: error.message,
    details: [...where, ...details, ...(hint === undefined ? [] : [`Fix: ${hint}`])],
  };
}
