import { append } from '../../../append.ts';
import type { Attempt, StepResult, TraceEntry } from '../../../scenario/index.ts';
import { wentWrong } from './words.ts';

/** A line of a timeline, with the time in milliseconds since the start of the scenario. */
export type Row =
  /** Something that happened on a phone, and the step that waited for it. */
  | { readonly kind: 'entry'; readonly at: number; readonly entry: TraceEntry; readonly met?: StepResult }
  /** The start of a step, with its leaves. */
  | { readonly kind: 'step'; readonly at: number; readonly leaves: readonly StepResult[] }
  /** The end of a step that did not pass. */
  | { readonly kind: 'end'; readonly at: number; readonly step: StepResult }
  /** A period in which nothing happened. */
  | { readonly kind: 'gap'; readonly at: number; readonly ms: number }
  /** Lines that are left out. */
  | { readonly kind: 'omitted'; readonly at: number; readonly count: number };

/** The lines of a timeline: the trace in order, with the starts and failures of steps in between. */
export function timelineRows({ steps, trace }: Attempt): readonly Row[] {
  const marks = stepsOf(steps).flatMap(marksOf);
  const met = metBy(steps, trace);
  const rows: Row[] = [];
  let from = 0;
  for (const entry of trace) {
    const to = marks.findLastIndex((mark) => isBefore(mark, entry)) + 1;
    append(rows, marks.slice(from, to));
    from = Math.max(from, to);
    const step = met.get(entry);
    rows.push({ kind: 'entry', at: entry.at, entry, ...(step && { met: step }) });
  }
  return [...rows, ...marks.slice(from)].flatMap(withGap);
}

/** How many lines before the first that went wrong are shown. */
const BEFORE = 50;

/** As many of them as a browser can show: the first, and the last, or those at the first that went wrong. */
export function fewerRows(rows: readonly Row[], most: number): readonly Row[] {
  if (rows.length <= most) return rows;
  const half = Math.ceil(most / 2);
  const last = rows.length - (most - half);
  const wrong = rows.findIndex(({ kind }) => kind === 'end');
  const from = wrong < half ? last : Math.min(last, Math.max(half, wrong - BEFORE));
  const to = from + most - half;
  const leftOut = (begin: number, end: number): readonly Row[] =>
    end > begin ? [{ kind: 'omitted', at: rows[begin]?.at ?? 0, count: end - begin }] : [];
  const head = rows.slice(0, half);
  return [...head, ...leftOut(half, from), ...rows.slice(from, to), ...leftOut(to, rows.length)];
}

/** Leaves of one step are shown side by side. */
function stepsOf(leaves: readonly StepResult[]): readonly (readonly [StepResult, ...StepResult[]])[] {
  const steps: [StepResult, ...StepResult[]][] = [];
  for (const leaf of leaves) {
    const last = steps.at(-1);
    if (last?.[0].phase === leaf.phase && last[0].number === leaf.number) last.push(leaf);
    else steps.push([leaf]);
  }
  return steps;
}

/** A step that was skipped has no time. */
function marksOf(leaves: readonly [StepResult, ...StepResult[]]): readonly Row[] {
  if (leaves.every(({ status }) => status === 'skipped')) return [];
  const ends = leaves
    .filter(wentWrong)
    .map((step): Row => ({ kind: 'end', at: step.at + step.ms, step }))
    .sort((a, b) => a.at - b.at);
  return [{ kind: 'step', at: leaves[0].at, leaves }, ...ends];
}

/**
 * A step starts before its keys, even in the same tenth; a response or an event in that tenth belongs to an earlier
 * step. It fails after the event that causes the failure.
 * fails after the event that it fails by.
 */
function isBefore({ kind, at }: Row, entry: TraceEntry): boolean {
  if (kind === 'end') return at + ROUNDING < entry.at;
  return entry.kind === 'press' ? at <= entry.at : at < entry.at;
}

/** An end is the sum of two rounded numbers. */
const ROUNDING = 0.2;

/** The step that each entry fulfilled. An event is traced first, and shown to whoever waits for it afterwards. */
function metBy(
  steps: readonly StepResult[],
  trace: readonly TraceEntry[],
): ReadonlyMap<TraceEntry, StepResult> {
  const met = new Map<TraceEntry, StepResult>();
  for (const step of steps) {
    for (const { at, role, event } of step.events ?? []) {
      const cause = trace.findLast(
        (entry) =>
          entry.kind === 'event' && entry.role === role && entry.event.event === event && entry.at <= at,
      );
      if (cause !== undefined) met.set(cause, step);
    }
  }
  return met;
}

function withGap(row: Row, index: number, rows: readonly Row[]): readonly Row[] {
  const before = rows[index - 1];
  const ms = before === undefined ? 0 : row.at - before.at;
  return before === undefined || ms < GAP ? [row] : [{ kind: 'gap', at: before.at, ms }, row];
}

/** The shortest silence that gets a line, in milliseconds: the effects of a key arrive sooner. */
const GAP = 250;
