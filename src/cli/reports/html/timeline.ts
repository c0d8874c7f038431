import {
  type Attempt,
  type Cast,
  offset,
  type StepResult,
  sipText,
  type TraceEntry,
} from '../../../scenario/index.ts';
import { icon, type Shape } from './icons.ts';
import { type Content, type Markup, markup } from './markup.ts';
import { fewerRows, type Row, timelineRows } from './rows.ts';
import { deed, stepName } from './words.ts';

/** More lanes than this scroll sideways instead of becoming too narrow to read. */
const MOST = 5;

/** More than these do so on a narrow screen. */
const PAIR = 2;

/** More lines than this, and more cells in all of them, keep a browser busy for minutes. */
const MOST_ROWS = 10_000;
const MOST_CELLS = 1_000_000;

/**
 * What happened when on which phone: one lane per phone, with time running downwards. It is a table, which wraps,
 * prints with its header on every page, can be searched and read aloud, and still works if its style is blocked.
 */
export function timeline(phones: readonly Cast[], attempt: Attempt, id: string): Markup {
  const rows = fewerRows(timelineRows(attempt), Math.min(MOST_ROWS, Math.ceil(MOST_CELLS / phones.length)));
  if (rows.length === 0) return markup`<p class="none">No key was sent, and no phone reported anything.</p>`;
  // The link target of the explanation.
  const wrong = rows.find(({ kind }) => kind === 'end');
  const size =
    phones.length > MOST
      ? 'wide'
      : phones.length > PAIR
        ? 'several'
        : phones.length === 1
          ? 'single'
          : 'pair';
  // Scrollable regions must be reachable with the keyboard.
  const reach =
    phones.length > PAIR ? markup` tabindex="0" role="region" aria-labelledby="${id}-timeline"` : undefined;
  return markup`<div class="timeline ${size}"${reach}>
<table aria-labelledby="${id}-timeline">
<colgroup><col class="time">${phones.map(() => markup`<col class="lane">`)}</colgroup>
<thead><tr><th scope="col">Time</th>${phones.map(laneHead)}</tr></thead>
<tbody>
${rows.map((row) => rowOf(row, phones, id, row === wrong))}</tbody>
</table>
</div>`;
}

/** Role, name, number, model. */
function laneHead({ role, phone, host, extension, model, virtual, sip }: Cast): Markup {
  const facts = [
    ...(extension === undefined || (virtual && phone.includes(extension)) ? [] : [`number ${extension}`]),
    ...(model === undefined ? [] : [model]),
    ...(host === '' || host === phone ? [] : [host]),
    ...(sip === undefined ? [] : [sip]),
    ...(virtual && !phone.startsWith('virtual') ? ['virtual'] : []),
  ].join(', ');
  return markup`<th scope="col"><div class="phone ${virtual ? 'virtual' : 'real'}" title="${`${role}: ${phone}`}">
<div class="role"><bdi>${role}</bdi></div>${role === phone ? undefined : markup`<div class="name"><bdi>${phone}</bdi></div>`}<div class="facts">${facts}</div>
</div></th>`;
}

function rowOf(row: Row, phones: readonly Cast[], id: string, isWrong: boolean): Markup {
  switch (row.kind) {
    case 'entry':
      return laneRow(row.at, row.entry.role, phones, entryMark(row.entry, row.met));
    case 'end':
      return laneRow(row.at, row.step.role, phones, endMark(row.step), isWrong ? `${id}-wrong` : undefined);
    case 'step':
      return stepRow(row.at, row.leaves, phones, id);
    case 'omitted':
      return markup`<tr class="gap"><th scope="row">…</th><td colspan="${phones.length}">${row.count} lines are left out here</td></tr>\n`;
    case 'gap':
      return markup`<tr class="gap"><th scope="row">… ${(row.ms / 1000).toFixed(3)} s</th>${phones.map(() => markup`<td></td>`)}</tr>\n`;
  }
}

/** A mark in the lane of its phone; a step without a phone, such as a pause, spans all lanes. */
function laneRow(
  at: number,
  role: string | undefined,
  phones: readonly Cast[],
  mark: Markup,
  id?: string,
): Markup {
  const target = id && markup` id="${id}"`;
  const cells =
    role === undefined
      ? markup`<td${target} colspan="${phones.length}">${mark}</td>`
      : phones.map((phone) => (phone.role === role ? markup`<td${target}>${mark}</td>` : markup`<td></td>`));
  return markup`<tr><th scope="row">${offset(at)}</th>${cells}</tr>\n`;
}

function stepRow(at: number, leaves: readonly StepResult[], phones: readonly Cast[], id: string): Markup {
  const [first] = leaves;
  if (first === undefined) return markup``;
  return markup`<tr class="step" id="${id}-${first.phase}-${first.number}"><th scope="row">${offset(at)}</th><td colspan="${phones.length}"><b>${stepName(first)}</b> ${leaves.map((leaf, index) => [index === 0 ? '' : ' | ', markup`<bdi>${leaf.text}</bdi>`])} <span class="place">${first.place && `line ${first.place.line}`}</span></td></tr>\n`;
}

function entryMark(entry: TraceEntry, met: StepResult | undefined): Markup {
  switch (entry.kind) {
    case 'press':
      return markOf('press', 'press', 'keys', markup`<code>${keysText(entry.keys)}</code>`);
    case 'answer': {
      const { outcome, status, ms } = entry;
      const text = markup`${outcome}${status === undefined ? undefined : ` ${status}`} <span class="ms">${ms} ms</span>`;
      return outcome === 'ok'
        ? markOf('answer', 'answer', 'answer', text)
        : markOf('refusal', 'answer bad', 'answer', text);
    }
    case 'event': {
      const { event, values } = entry.event;
      const remote = values['remote'];
      return markOf('event', met === undefined ? 'event' : 'event met', 'event', [
        markup`<span class="event-name">${event}</span>`,
        remote === undefined
          ? undefined
          : markup` <span class="remote" title="${remote}"><bdi>${remote}</bdi></span>`,
        met === undefined
          ? undefined
          : markup` <span class="because">${icon('passed')} expected in ${stepName(met)}</span>`,
      ]);
    }
    case 'ignored':
      return markOf('skipped', 'ignored', 'ignored', markup`<bdi>${entry.what}</bdi>`);
    case 'sip':
      return markOf(
        entry.sent ? 'sent' : 'received',
        'sip',
        entry.sent ? 'to PBX' : 'from PBX',
        markup`<code>${sipText(entry)}</code>`,
      );
  }
}

/** A long sequence wraps between keys rather than within one. */
function keysText(keys: string): Content {
  return keys.split(';').map((key, index) => [index === 0 ? undefined : markup`;<wbr>`, key]);
}

/** The failure, at its time. */
function endMark(step: StepResult): Markup {
  const { status, error } = step;
  const text = markup`<code>${deed(step)}</code> <span class="because">${stepName(step)}</span>`;
  if (status === 'stopped') return markOf('stopped', 'end stopped', 'stopped in', text);
  if (error?.code === 'unmet') return markOf('missing', 'end missing', 'did not come:', text);
  if (error?.code === 'unheard')
    return markOf('missing', 'end missing', 'not heard:', [
      text,
      markup` <span class="message">${error.message}</span>`,
    ]);
  if (error?.code === 'unwanted') return markOf('failed', 'end', 'must not come:', text);
  return markOf('failed', 'end', `${status}:`, [
    text,
    markup` <span class="message">${error?.message}</span>`,
  ]);
}

function markOf(shape: Shape, classes: string, word: string, text: Content): Markup {
  return markup`<div class="mark ${classes}">${icon(shape)} <span><b class="kind">${word}</b> ${text}</span></div>`;
}
