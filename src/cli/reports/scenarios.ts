import { explain, type RunDocument, type ScenarioResult } from '../../scenario/index.ts';
import { jsonText } from '../output.ts';
import { visible, visibleLines } from '../text.ts';
import { html } from './html.ts';
import type { Render, SCENARIO_FORMATS } from './index.ts';
import { junit } from './junit.ts';
import type { Case, Problem, Suite } from './suite.ts';
import { tap } from './tap.ts';

/** The formats of `--report` of `atcom test` that are a file: a line each. */
export const SCENARIO_REPORTS: Readonly<Record<(typeof SCENARIO_FORMATS)[number], Render<RunDocument>>> = {
  junit: (document) => junit(suitesOf(document)),
  tap: (document) => tap(suitesOf(document)),
  json: (document) => `${jsonText(document)}\n`,
  html,
};

/** A suite a file, a case a scenario. */
function suitesOf({ results }: RunDocument): Suite[] {
  const files = [...new Set(results.map(({ file }) => file))];
  return files.map((file) => {
    const own = results.filter((result) => result.file === file);
    return { name: visible(file), ms: own.reduce((sum, { ms }) => sum + ms, 0), cases: own.map(caseOf) };
  });
}

function caseOf(result: ScenarioResult): Case {
  const { file, name, ms, status, attempts } = result;
  return {
    className: visible(file.replace(/\.ya?ml$/, '')),
    name: visible(name),
    title: `${name} (${file})`,
    ms,
    problem: problemOf(result),
    note: status === 'flaky' ? `flaky: passed at try ${attempts.length}` : undefined,
  };
}

function problemOf(result: ScenarioResult): Problem | undefined {
  const { status, error } = result;
  if (error === undefined) return undefined;
  if (status === 'skipped')
    return { kind: 'skipped', code: error.code, message: visibleLines(error.message), details: [] };
  const { where = [], details = [], hint } = explain(result) ?? {};
  return {
    kind: status === 'failed' ? 'failure' : 'error',
    code: error.code,
    message: visibleLines(error.message),
    // Build servers show them as they are.
    details: [...where, ...details, ...(hint === undefined ? [] : [`Fix: ${hint}`])].map(visible),
  };
}
