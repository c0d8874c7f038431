import * as v from 'valibot';
import type { AtcomError } from '../errors.ts';
import { EVENTS } from '../protocol/events.ts';
import { OUTCOMES, type Outcome } from '../protocol/outcomes.ts';
import { causeFrom, number } from './journal-causes.ts';
import { broken, type JournalItem } from './journal-text.ts';

// Everything here needs valibot, so it is loaded only when a journal is read.

/** What must be known of one phone; the written reports hold more. */
export interface JournaledReport {
  readonly phone: string;
  readonly host: string;
  readonly outcome: Outcome;
  readonly error?: AtcomError;
}

/** What an earlier run left to do. */
export interface JournalState<Report> {
  /** The known outcomes by host; the last one counts. */
  readonly done: ReadonlyMap<string, Report>;
  /** Phones whose request may have been sent, but have no recorded outcome. */
  readonly inFlight: ReadonlySet<string>;
  /** When the run began that came to each phone last. */
  readonly runs: ReadonlyMap<string, string>;
}

/** A line of a journal, after the first. */
type Fact =
  | { readonly run: { readonly process: number; readonly host: string; readonly at: string } }
  /** The address of a phone that is about to be pressed. */
  | { readonly intent: string }
  | { readonly outcome: JournaledReport };

const outcomeName = v.picklist(Object.keys(OUTCOMES) as Outcome[]);
const eventName = v.picklist(EVENTS.map(({ event }) => event));
const duration = v.pipe(number, v.minValue(0));

const event = v.object({
  time: v.string(),
  event: eventName,
  phone: v.string(),
  source: v.string(),
  path: v.string(),
  values: v.record(v.string(), v.string()),
});

const report = v.object({
  phone: v.string(),
  host: v.string(),
  outcome: outcomeName,
  ms: duration,
  requests: v.array(
    v.object({
      url: v.string(),
      outcome: outcomeName,
      status: v.exactOptional(number),
      warning: v.exactOptional(v.string()),
      ms: duration,
    }),
  ),
  events: v.exactOptional(v.array(event)),
  seen: v.exactOptional(v.array(eventName)),
  proof: v.exactOptional(v.string()),
  error: v.exactOptional(v.object({ code: v.string(), details: v.unknown() })),
});

const fact = v.union([
  v.strictObject({
    run: v.object({ process: number, host: v.string(), at: v.pipe(v.string(), v.isoTimestamp()) }),
  }),
  v.strictObject({ intent: v.string() }),
  v.strictObject({ outcome: report }),
]);

/**
 * What the lines of a journal say about the phones of a run. The file may have been edited, so only lines that this
 * program could have written are accepted.
 *
 * @param lines - all but the first
 * @throws {AtcomError} `journal`, with the number of the line
 */
export function readState<R extends JournaledReport>(
  path: string,
  lines: readonly unknown[],
  items: readonly JournalItem[],
): JournalState<R> {
  const byHost = new Map(items.map((item) => [item.host, item]));
  const done = new Map<string, R>();
  const inFlight = new Set<string>();
  const runs = new Map<string, string>();
  let began: string | undefined;
  for (const [index, line] of lines.entries()) {
    const fact = readFact(line, byHost);
    if (typeof fact === 'string') broken(path, index + 2, fact);
    if ('run' in fact) began = fact.run.at;
    if ('intent' in fact) {
      if (began !== undefined) runs.set(fact.intent, began);
      inFlight.add(fact.intent);
      done.delete(fact.intent);
    }
    if ('outcome' in fact) {
      // An outcome alone would let a phone be pressed again of which nothing is known.
      if (!inFlight.delete(fact.outcome.host)) {
        broken(path, index + 2, 'has an outcome of a phone that no line before it announces');
      }
      done.set(fact.outcome.host, fact.outcome as R);
    }
  }
  return { done, inFlight, runs };
}

/** Reads a line as a fact about one of these phones, or says what is wrong with it. */
function readFact(line: unknown, items: ReadonlyMap<string, JournalItem>): Fact | string {
  const parsed = v.safeParse(fact, line);
  if (!parsed.success) return 'is no line of a journal';
  if ('run' in parsed.output) return parsed.output;
  const host = 'intent' in parsed.output ? parsed.output.intent : parsed.output.outcome.host;
  const item = items.get(host);
  if (item === undefined) return 'names a phone that is not in this run';
  if ('intent' in parsed.output) return parsed.output;
  const { error: written, ...rest } = parsed.output.outcome;
  const error = written && causeFrom(rest.outcome, written);
  const isWhole = rest.outcome === 'ok' || rest.outcome === 'confirmed' ? !written : error !== undefined;
  if (!isWhole) return 'has an outcome and an error that do not go together';
  // The phone's current name.
  return { outcome: { ...rest, phone: item.phone, ...(error === undefined ? {} : { error }) } };
}
