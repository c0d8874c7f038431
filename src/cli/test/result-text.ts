import { visible } from '../../errors/visible.ts';
import { explain, type RunDocument, type ScenarioResult } from '../../scenario/index.ts';
import type { Paint, Style } from '../output/output.ts';
import { count } from '../output/text.ts';

const STYLES: Readonly<Record<ScenarioResult['status'], Style>> = {
  passed: 'green',
  flaky: 'yellow',
  skipped: 'dim',
  failed: 'red',
  error: 'red',
};

/** One line per scenario, followed by its failures. */
export function resultText(result: ScenarioResult, paint: Paint): string {
  const { name, status, ms, attempts, error } = result;
  const notes = [
    ...(status === 'skipped' ? [error?.message.replace(/^not sent: /, '') ?? ''] : [`${ms} ms`]),
    ...(attempts.length > 1 ? [`try ${attempts.length}`] : []),
  ];
  const line = [
    paint(STYLES[status], status.padEnd(7)),
    visible(name),
    paint('dim', visible(notes.join(', '))),
  ].join('  ');
  return [line, ...explanationLines(result, paint).map((text) => `  ${text}`)].join('\n');
}

function explanationLines(result: ScenarioResult, paint: Paint): readonly string[] {
  const explanation = explain(result);
  if (explanation === undefined) return [];
  const { where, what, details, hint } = explanation;
  return [
    ...where.map(visible),
    paint('red', visible(what)),
    ...details.map(visible),
    ...(hint === undefined ? [] : [`${paint('bold', 'Fix:')} ${visible(hint)}`]),
  ];
}

/** `12 scenarios: 9 passed, 1 flaky, 1 failed, 1 skipped; 4.2 s`. */
export function summaryText({ summary, failOnFlaky }: RunDocument): string {
  const { scenarios, ms, ...counts } = summary;
  const parts = Object.entries(counts)
    .filter(([, number]) => number > 0)
    .map(([status, number]) => (status === 'errors' ? count(number, 'error') : `${number} ${status}`));
  const strict = failOnFlaky === true && summary.flaky > 0 ? ' (--fail-on-flaky: a failure)' : '';
  return `${count(scenarios, 'scenario')}: ${parts.join(', ')}${strict}; ${(ms / 1000).toFixed(1)} s`;
}
