import type { RunDocument, ScenarioResult } from '../../../scenario/index.ts';
import { badge } from './icons.ts';
import { type Markup, markup } from './markup.ts';
import { duration, moment } from './words.ts';

/** The result of a run in one word. */
export function verdictOf({ ok, exitCode, summary }: RunDocument): 'passed' | 'failed' | 'error' | 'stopped' {
  if (ok) return 'passed';
  // 128 plus the number of a signal.
  if (exitCode > 128) return 'stopped';
  return summary.failed === 0 && summary.errors > 0 ? 'error' : 'failed';
}

const COUNTS = [
  ['scenarios', 'all'],
  ['passed', 'passed'],
  ['flaky', 'flaky'],
  ['failed', 'failed'],
  ['errors', 'error'],
  ['skipped', 'skipped'],
] as const;

/** The header with the result of the run. */
export function pageHeader(document: RunDocument): Markup {
  const { summary, exitCode, results } = document;
  const [started] = results.flatMap(({ attempts }) => attempts.map((attempt) => attempt.started)).sort();
  return markup`<header>
<h1>atcom test ${badge(verdictOf(document))}</h1>
<dl class="counts">
${COUNTS.map(
  ([key, status]) =>
    markup`<div class="${summary[key] === 0 ? 'zero' : status}"><dt>${key}</dt> <dd>${summary[key]}</dd></div>\n`,
)}</dl>
<p class="facts">${
    started === undefined
      ? undefined
      : markup`<span>started <time datetime="${started}">${moment(started)}</time></span> `
  }<span>took ${duration(summary.ms)}</span> <span>exit code ${exitCode}</span></p>
</header>`;
}

/** All scenarios, one per line, with links to the details below. */
export function overview(results: readonly ScenarioResult[]): Markup {
  if (results.length === 0) return markup`<p class="none">No scenario was run.</p>`;
  return markup`<table class="overview" aria-label="Scenarios">
<thead><tr><th scope="col" class="status">Status</th><th scope="col">Scenario</th><th scope="col">File</th><th scope="col" class="tags">Tags</th><th scope="col" class="took">ms</th><th scope="col" class="tries">Tries</th></tr></thead>
<tbody>
${results.map(overviewRow)}</tbody>
</table>`;
}

function overviewRow(
  { name, status, file, line, tags, ms, attempts }: ScenarioResult,
  index: number,
): Markup {
  return markup`<tr class="${status}"><td class="status">${badge(status)}</td><th scope="row"><a href="#s${index + 1}"><bdi>${name}</bdi></a></th><td class="file">${file}:${line}</td><td class="tags">${tags.map((tag) => markup`<span class="tag" title="${tag}">${tag}</span> `)}</td><td class="took">${attempts.length === 0 ? '–' : ms}</td><td class="tries">${attempts.length}</td></tr>
`;
}
