import { visible, visibleLines } from '../errors/visible.ts';
import type { ProvenReport } from '../phone/index.ts';
import { formatDuration } from '../protocol/duration.ts';
import { type EventName, parseEvent } from '../protocol/events.ts';
import { OUTCOMES, type Outcome } from '../protocol/outcomes.ts';
import { parseVariable, type Variable } from '../protocol/variables.ts';
import { type ExpectStep, eventLine, type NeverStep, type Pattern, patternText } from '../scenario/index.ts';
import {
  checkOptions,
  duration,
  found,
  type MatcherResult,
  type MatcherState,
  NOWHERE,
  phoneOf,
  WITHIN,
  wrong,
} from './matcher.ts';
import { type TestPhone, whyUnheard } from './phones.ts';

/** The options of `toReach`. */
export interface ReachOptions {
  /** How long to wait, in milliseconds or as `3s`; 3 seconds by default. The timeout of the test must be longer. */
  readonly within?: number | string;
  /** With `not`: how long to watch; 1 second by default. */
  readonly during?: number | string;
  /** Patterns for values of the event, with `*` and `?`. */
  readonly where?: Readonly<Partial<Record<Variable, string>>>;
}

const DURING = 1000;

/**
 * `expect(phone).toReach('established')`, with the engine of scenarios: it consumes events up to the one that it finds.
 */
export async function toReach(
  this: MatcherState,
  subject: unknown,
  event: EventName,
  options: ReachOptions = {},
): Promise<MatcherResult> {
  const phone = phoneOf('toReach', subject);
  checkOptions('toReach', options, ['within', 'during', 'where']);
  const wanted = parseEvent(event);
  const pattern = { events: [wanted], ...conditions(options) };
  const { events = pattern.events } = phone.settings;
  if (!phone.virtual && !events.includes(wanted)) {
    throw wrong(`${phone.name} never reports ${event}`, 'events: in the config says so');
  }
  const deaf = whyUnheard(phone);
  if (deaf !== undefined)
    throw wrong(`${phone.role} cannot report events: ${deaf.details.reason}`, deaf.details.hint);
  const leaf = this.isNot === true ? never(phone, pattern, options) : expectation(phone, pattern, options);
  const began = performance.now();
  const performed = await found(leaf, phone);
  if (performed.status === 'passed') return { pass: this.isNot !== true, message: () => leaf.text };
  const { error, unread } = performed;
  // What phones sent reaches a terminal, and the log of a build server.
  const lines = [
    visibleLines(error.message),
    ...unread.map((heard) => visible(`  ${eventLine({ ...heard.event, at: heard.at }, began)}`)),
  ];
  // What the other phones reported is not shown here.
  const hint = phone.virtual ? '' : visibleLines(error.hint ?? '');
  return { pass: this.isNot === true, message: () => [...lines, hint].join('\n').trimEnd() };
}

/** Values of the document only: any other name would never match, and `not.toReach` always pass. */
function conditions({ where }: ReachOptions): Pick<Pattern, 'where'> {
  if (where === undefined) return {};
  return {
    where: Object.fromEntries(Object.entries(where).map(([name, text]) => [parseVariable(name), text])),
  };
}

function expectation(phone: TestPhone, pattern: Pattern, options: ReachOptions): ExpectStep {
  if (options.during !== undefined) throw wrong('during goes with not.toReach', 'give within');
  const ms = duration('within', options, WITHIN);
  const what = patternText(pattern);
  const text = `${phone.role}: expect ${what} within ${formatDuration(ms)}`;
  return {
    kind: 'expect',
    role: phone.role,
    mode: 'any',
    patterns: [pattern],
    what,
    within: ms,
    place: NOWHERE,
    text,
  };
}

function never(phone: TestPhone, pattern: Pattern, options: ReachOptions): NeverStep {
  if (options.within !== undefined)
    throw wrong('within goes with toReach, not with not.toReach', 'give during');
  const ms = duration('during', options, DURING);
  const text = `${phone.role}: never ${patternText(pattern)} during ${formatDuration(ms)}`;
  return { kind: 'never', role: phone.role, pattern, during: ms, place: NOWHERE, text };
}

/** `expect(phone.dial('6002')).toHaveOutcome('ok')`: the report, or its promise. */
export async function toHaveOutcome(
  this: MatcherState,
  report: ProvenReport | Promise<ProvenReport>,
  outcome: Outcome,
): Promise<MatcherResult> {
  if (!Object.hasOwn(OUTCOMES, outcome)) {
    throw wrong(`no report has the outcome ${JSON.stringify(outcome)}`, Object.keys(OUTCOMES).join(', '));
  }
  const settled: Partial<ProvenReport> = await report;
  if (!isReport(settled))
    throw wrong('toHaveOutcome needs a report', 'such as that of phone.dial(…), or its promise');
  const { phone, requests } = settled;
  const why = 'error' in settled ? `: ${visibleLines(settled.error.message)}` : '';
  const message = () =>
    [
      `${phone} has the outcome ${settled.outcome}, wanted was ${this.isNot === true ? 'another one' : outcome}${why}`,
      ...requests.map(({ url }) => `  ${url}`),
    ].join('\n');
  return { pass: settled.outcome === outcome, message };
}

function isReport(value: Partial<ProvenReport> | null | undefined): value is ProvenReport {
  return typeof value === 'object' && value !== null && 'outcome' in value && Array.isArray(value.requests);
}
