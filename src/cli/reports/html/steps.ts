import { offset, PHASES, type StepResult } from '../../../scenario/index.ts';
import { badge } from './icons.ts';
import { type Markup, markup } from './markup.ts';
import { deed, duration, stepName } from './words.ts';

/** The steps as in the file, phase by phase, with their results. */
export function stepTable(steps: readonly StepResult[], id: string): Markup {
  if (steps.length === 0) return markup`<p class="none">No step was tried.</p>`;
  return markup`<table class="steps" aria-labelledby="${id}-steps">
<thead><tr><th scope="col" class="number">Step</th><th scope="col" class="status">Status</th><th scope="col">Phone</th><th scope="col">What</th><th scope="col">Line</th><th scope="col" class="when">When</th><th scope="col" class="took">Took</th></tr></thead>
${PHASES.map((phase) => {
  const own = steps.filter((step) => step.phase === phase);
  return own.length === 0 ? undefined : markup`<tbody>\n${own.map((step) => stepRow(step, id))}</tbody>\n`;
})}</table>`;
}

function stepRow(step: StepResult, id: string): Markup {
  const { phase, number, role, status, at, ms, error, place, sound } = step;
  // A skipped step has no time, and no line in the timeline.
  const idle = status === 'skipped' && ms === 0;
  const name = idle ? stepName(step) : markup`<a href="#${id}-${phase}-${number}">${stepName(step)}</a>`;
  const problem = error && markup`<div class="message">${error.message}</div>`;
  return markup`<tr class="${status}"><th scope="row" class="number">${name}</th><td class="status">${badge(status)}</td><td class="who"><bdi>${role}</bdi></td><td class="what"><bdi>${deed(step)}</bdi>${sound && markup`<div class="sound">${sound}</div>`}${problem}</td><td class="place">${place && `${place.line}:${place.col}`}</td><td class="when">${idle ? undefined : offset(at)}</td><td class="took">${idle ? undefined : duration(ms)}</td></tr>\n`;
}
