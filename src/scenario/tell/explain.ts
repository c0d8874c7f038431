import type { Attempt, Cast, ScenarioResult, SeenEvent, StepResult } from '../result.ts';
import { audioLine } from './sip-text.ts';

/** The explanation of a failure. Control characters in it are not yet made visible. */
export interface Explanation {
  /** The steps in which it happened, one a line. */
  readonly where: readonly string[];
  readonly what: string;
  /** What the phones reported meanwhile, and other failures, one a line. */
  readonly details: readonly string[];
  readonly hint: string | undefined;
}

/** Explains why a scenario failed or could not run; undefined if it did not fail. */
export function explain({ status, attempts, error, file, phones }: ScenarioResult): Explanation | undefined {
  if (error === undefined || status === 'skipped') return undefined;
  const last = attempts.at(-1);
  const step = last?.steps.find((candidate) => candidate.error === error);
  return {
    where: step === undefined ? stoppedLines(last, file) : [stepLine(step, file)],
    what: error.message,
    details: [
      ...(step === undefined ? [] : eventLines(step)),
      ...(status === 'failed' ? earlierCalls(last, phones) : []),
      ...audioLines(last, step),
      ...ignoredKeys(last, step),
      ...strayCalls(last, phones),
      ...afterwards(last, step),
    ],
    hint: error.hint,
  };
}

/** `step 3, b: expect hold within 3s (call.yaml:14:5)`. */
function stepLine({ phase, number, text, place }: StepResult, file: string): string {
  const where = place === undefined ? '' : ` (${file}:${place.line}:${place.col})`;
  return `${phase === 'steps' ? 'step' : phase} ${number}, ${text}${where}`;
}

/** The steps that were waiting at the timeout or at Ctrl-C. */
function stoppedLines(attempt: Attempt | undefined, file: string): readonly string[] {
  const stopped = attempt?.steps.filter(({ status }) => status === 'stopped') ?? [];
  return stopped.map((step) => `stopped in ${stepLine(step, file)}`);
}

function eventLines({ role = '', seen, elsewhere = [], omitted = 0, at }: StepResult): readonly string[] {
  if (seen === undefined) return [];
  return [
    `seen on ${role} since the last event that was expected of it:${seen.length === 0 ? ' nothing' : ''}`,
    ...seen.map((event) => `  ${eventLine(event, at)}`),
    ...(elsewhere.length === 0 ? [] : ['on the other phones, in that time and the second before:']),
    ...elsewhere.map((event) => `  ${event.role}  ${eventLine(event, at)}`),
    ...(omitted === 0 ? [] : [`${omitted} earlier ones are in the trace`]),
  ];
}

/** `+0.012 s  incomingCall  sip:6001@pbx`, counted from the beginning of the step. */
export function eventLine(
  { at, event, values }: Pick<SeenEvent, 'at' | 'event' | 'values'>,
  since: number,
): string {
  return [offset(at - since), event, values['remote'] ?? ''].filter((word) => word !== '').join('  ');
}

/** `+0.012 s`. */
export function offset(ms: number): string {
  return `${ms < 0 ? '-' : '+'}${(Math.abs(ms) / 1000).toFixed(3)} s`;
}

/** Keys go into a call that is up, and nobody may know of it: that explains a failure as well as a fault does. */
function earlierCalls(
  { perhapsInCall = [] }: Partial<Attempt> = {},
  phones: readonly Cast[],
): readonly string[] {
  if (perhapsInCall.length === 0) return [];
  const names = phones.flatMap(({ role, phone }) => {
    if (!perhapsInCall.includes(role)) return [];
    return [role === phone ? role : `${role} (${phone})`];
  });
  return [
    `whether ${names.join(' or ')} was in a call before is not known: no listener had heard of it; keep atcom listen running`,
  ];
}

/** How audio arrived on a phone that did not hear what it should. */
function audioLines(attempt: Attempt | undefined, step: StepResult | undefined): readonly string[] {
  if (step?.error?.code !== 'unheard') return [];
  return (attempt?.audio ?? []).filter(({ role }) => role === step.role).map(audioLine);
}

/** Keys that virtual phones ignored, up to the step that failed. RELEASE on the main screen is always ignored. */
function ignoredKeys(attempt: Attempt | undefined, step: StepResult | undefined): readonly string[] {
  const end = step === undefined ? Number.POSITIVE_INFINITY : step.at + step.ms;
  return (attempt?.trace ?? []).flatMap((entry) =>
    entry.kind === 'ignored' && entry.at <= end && !entry.what.startsWith('RELEASE ')
      ? [`${entry.role} ignored ${entry.what}`]
      : [],
  );
}

/** Calls to a number that no phone has. Only for virtual phones are all numbers known; a PBX may have any. */
function strayCalls(attempt: Attempt | undefined, phones: readonly Cast[]): readonly string[] {
  if (attempt === undefined || phones.some((phone) => !phone.virtual || phone.sip !== undefined)) return [];
  const known = phones.map(({ role, extension }) => `${role} ${extension}`).join(', ');
  return attempt.trace.flatMap((entry) => {
    const keys = entry.kind === 'press' ? entry.keys : '';
    const number = /(?:^|;)([0-9*]+);(?:DIAL|SEND|BLIND)/.exec(keys)?.[1];
    if (number === undefined || phones.some(({ extension }) => extension === number)) return [];
    return [`${entry.role} called ${number}, which is the number of no phone here: there is ${known}`];
  });
}

/** Other failures: in the same step, and in cleanup. */
function afterwards(attempt: Attempt | undefined, cause: StepResult | undefined): readonly string[] {
  const others = attempt?.steps.filter(({ error }) => error !== undefined && error !== cause?.error) ?? [];
  return others.map((step) => {
    const { phase, number, text, error } = step;
    return `${phase === 'cleanup' ? 'afterwards' : 'also'}, ${phase === 'steps' ? 'step' : phase} ${number}, ${text}: ${error?.message}`;
  });
}
