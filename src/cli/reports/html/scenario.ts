import { type Attempt, explain, type ScenarioResult } from '../../../scenario/index.ts';
import { audioTable } from './audio.ts';
import { badge } from './icons.ts';
import { type Markup, markup } from './markup.ts';
import { stepTable } from './steps.ts';
import { timeline } from './timeline.ts';
import { duration, moment, skipReason, wentWrong } from './words.ts';

/** A scenario's section of the page. It is open if it needs attention. */
export function scenarioSection(result: ScenarioResult, index: number): Markup {
  const { name, status, ms, file, line, tags, attempts } = result;
  const id = `s${index + 1}`;
  const open = status === 'passed' || status === 'skipped' ? undefined : markup` open`;
  // The link target is inside, because a browser unfolds what it jumps into.
  return markup`<details class="scenario ${status}"${open}>
<summary>${badge(status)} <h2><bdi>${name}</bdi></h2> <span class="ms">${attempts.length === 0 ? undefined : duration(ms)}</span></summary>
<div class="body" id="${id}">
<p class="facts"><code>${file}:${line}</code>${tags.map((tag) => markup` <span class="tag" title="${tag}">${tag}</span>`)}${startedAt(attempts.at(-1))}</p>
${explanation(result, `${id}-t${attempts.length}`)}
${attemptParts(result, id)}
</div>
</details>
`;
}

function startedAt(attempt: Attempt | undefined): Markup | undefined {
  if (attempt === undefined) return undefined;
  return markup` <span>started <time datetime="${attempt.started}">${moment(attempt.started)}</time></span>`;
}

/** The summary of a failure. */
function explanation(result: ScenarioResult, id: string): Markup | undefined {
  const { status, attempts } = result;
  if (status === 'skipped') return markup`<p class="note">Skipped: ${skipReason(result)}</p>`;
  if (status === 'flaky') {
    const first = attempts[0]?.error?.message;
    return markup`<div class="note"><p>Passed at try ${attempts.length} only.${first === undefined ? undefined : ` Try 1: ${first}`}</p></div>`;
  }
  const { where = [], what, details = [], hint } = explain(result) ?? {};
  if (what === undefined) return undefined;
  const lines = details.map((text, index) => [index === 0 ? undefined : markup`\n`, text]);
  const marked = attempts.at(-1)?.steps.some(wentWrong) === true;
  return markup`<div class="explanation">
${where.map((text) => markup`<p class="where">${text}</p>\n`)}<p class="what">${what}</p>
${lines.length === 0 ? undefined : markup`<pre>${lines}</pre>\n`}${hint && markup`<p><b>Fix:</b> ${hint}</p>\n`}${
  marked ? markup`<p><a href="#${id}-wrong">Show it in the timeline</a></p>\n` : undefined
}</div>`;
}

/** The last attempt, which counts, followed by the earlier ones. */
function attemptParts(result: ScenarioResult, id: string): readonly Markup[] {
  const [last, ...earlier] = result.attempts
    .map((attempt, index) => ({ attempt, number: index + 1 }))
    .reverse();
  if (last === undefined) return [];
  return [
    attemptPart(result, last.attempt, `${id}-t${last.number}`, 3),
    ...earlier.reverse().map(({ attempt, number }) => {
      const { verdict, ms, error } = attempt;
      // Why this attempt ended, as if it had been the only one.
      const alone = { ...result, status: verdict, attempts: [attempt], error };
      return markup`<details class="attempt">
<summary>${badge(verdict)} <h3>Try ${number}</h3> <span class="ms">${duration(ms)}</span></summary>
<div class="body">
<p class="facts">${startedAt(attempt)}</p>
${explanation(alone, `${id}-t${number}`)}
${attemptPart(result, attempt, `${id}-t${number}`, 4)}
</div>
</details>
`;
    }),
  ];
}

function attemptPart(result: ScenarioResult, attempt: Attempt, id: string, level: 3 | 4): Markup {
  return markup`<h${level} id="${id}-steps">Steps</h${level}>
${stepTable(attempt.steps, id)}
<h${level} id="${id}-timeline">Timeline</h${level}>
${timeline(result.phones, attempt, id)}
${audioTable(attempt.audio, id, level)}`;
}
