import type { Attempt, StepResult, TraceEntry } from '../../../scenario/index.ts';
import { wentWrong } from './words.ts';

/** A line of a timeline, milliseconds since the scenario began. */
export type Row =
  /** What happened on a phone, and the step that waited for it. */
  | { readonly kind: 'entry'; readonly at: number; readonly entry: TraceEntry; readonly met?: StepResult }
  /** A step begins: its leaves. */
  | { readonly kind: 'step'; readonly at: number; readonly leaves: readonly StepResult[] }
  /** A step ends that did not pass. */
  | { readonly kind: 'end'; readonly at: number; readonly step: StepResult }
  /** Time in which nothing happened. */
  | { readonly kind: 'gap'; readonly at: number; readonly ms: number };

/** The lines of a timeline: the trace in its order, and between its entries where steps began and went wrong. */
export function timelineRows({ steps, trace }: Attempt): readonly Row[] {
  const marks = stepsOf(steps).flatMap(marksOf);
  const met = metBy(steps, trace);
  const rows: Row[] = [];
  let from = 0;
  for (const entry of trace) {
    const to = marks.findLastIndex((mark) => isBefore(mark, entry)) + 1;
    rows.push(...marks.slice(from, to));
    from = Math.max(from, to);
    const step = met.get(entry);
    rows.push({ kind: 'entry', at: entry.at, entry, ...(step && { met: step }) });
  }
  return [...rows, ...marks.slice(from)].flatMap(withGap);
}

/** Leaves of one step stand side by side. */
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
 * A step begins before its keys, even in the same tenth; an answer or an event in that tenth is of an earlier step. It
 * fails after the event that it fails by.
 */
function isBefore({ kind, at }: Row, entry: TraceEntry): boolean {
  if (kind === 'end') return at + ROUNDING < entry.at;
  return entry.kind === 'press' ? at <= entry.at : at < entry.at;
}

/** An end is the sum of two rounded numbers. */
const ROUNDING = 0.2;

/** Which step was met by which entry. An event is traced, and shown to who waits for it only then. */
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

/** Silence worth a line, in milliseconds: what follows from a key is there earlier. */
const GAP = 250;
