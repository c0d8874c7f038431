import { AtcomError, isAtcomError } from '../errors.ts';
import type { PhoneReport } from '../phone/index.ts';
import { hostText } from '../protocol/command-url.ts';
import { planRequests } from '../protocol/plan.ts';
import { destructiveKeys, formatSequence, type Sequence } from '../protocol/sequence.ts';
import { DEFAULT_TIMEOUT, endpointOf, type PhoneSettings } from '../protocol/settings.ts';
import { type VerbCall, verbSequence } from '../protocol/verbs.ts';
import { confirm } from './confirm.ts';
import type { Context } from './context.ts';
import { exitCodeOf, reportDocument } from './document.ts';
import type { PhoneOptions } from './options.ts';
import { curlLines, errorText, planLines, reportLines, summaryText } from './render.ts';
import { sendAll } from './send.ts';
import { resolveTargets } from './targets.ts';
import { visible } from './text.ts';

/** What a command presses on one phone; models and settings may differ from phone to phone. */
export type SequenceFor = (settings: PhoneSettings) => Sequence;

/** A phone and what is pressed on it. */
export interface Job {
  readonly settings: PhoneSettings;
  readonly sequence: Sequence;
}

/** From this many phones on, a person is asked first. */
const MANY_PHONES = 10;

/** Presses what a verb stands for. */
export function pressVerb(context: Context, command: string, call: VerbCall, options: PhoneOptions) {
  return press(context, command, (settings) => verbSequence(call, settings), options);
}

/**
 * The way of every command that presses keys: find the phones, read the words for each, ask where that is needed,
 * send, report. Whatever is wrong with the words or the targets is thrown before anything is sent.
 */
export async function press(
  context: Context,
  command: string,
  sequenceFor: SequenceFor,
  options: PhoneOptions,
): Promise<void> {
  const config = await context.config();
  const words = { to: options.to, all: options.all, fallback: context.env['ATCOM_TO'] };
  const { phones, virtual } = resolveTargets(words, config);
  const simulator = virtual ? await startVirtual() : undefined;
  try {
    const all = [...phones, ...(simulator?.phones.slice(0, 1) ?? [])];
    const jobs = all.map((phone): Job => {
      const settings = { ...context.settings(phone), ...overrides(options) };
      return { settings, sequence: sequenceFor(settings) };
    });
    if (options.dryRun === true || options.curl === true)
      showPlan(context, command, jobs, options.curl === true);
    else await sendAndReport(context, command, jobs, options);
  } finally {
    await simulator?.close();
  }
}

/** Flags win over every setting. */
function overrides({ timeout, delay }: PhoneOptions): Partial<PhoneSettings> {
  return { ...(timeout === undefined ? {} : { timeout }), ...(delay === undefined ? {} : { delay }) };
}

/** Two, so that the first has somebody to call. */
async function startVirtual() {
  const { startSimulator } = await import('../simulator/index.ts');
  return startSimulator({ phones: 2, approved: true });
}

function showPlan({ output, exit }: Context, command: string, jobs: readonly Job[], curl: boolean): void {
  const plans = jobs.map(({ settings, sequence }) => ({ settings, plan: planRequests(settings, sequence) }));
  const results = plans.map(({ settings, plan }): PhoneReport => {
    const host = hostText(endpointOf(settings));
    return {
      phone: settings.name ?? host,
      host,
      outcome: 'skipped',
      ms: 0,
      requests: plan.map(({ url }) => ({ url, outcome: 'skipped', ms: 0 })),
      error: new AtcomError('skipped', { reason: 'dry run' }),
    };
  });
  const document = { ...reportDocument(command, results, { ms: 0, exitCode: 0 }), dryRun: true };
  output.result(document, () =>
    plans
      .flatMap(({ settings, plan }) =>
        curl ? curlLines(plan, { timeout: DEFAULT_TIMEOUT, ...settings }) : planLines(plan),
      )
      .join('\n'),
  );
  exit(0);
}

async function sendAndReport(
  context: Context,
  command: string,
  jobs: readonly Job[],
  options: PhoneOptions,
): Promise<void> {
  const { output, exit, signal } = context;
  await askFirst(context, jobs, options.yes === true);
  const started = performance.now();
  const reports = await sendAll(context, jobs, options);
  const exitCode = signal.aborted ? interruptedCode(signal) : exitCodeOf(reports);
  const document = reportDocument(command, reports, {
    ms: Math.round(performance.now() - started),
    exitCode,
  });
  output.result(document, (paint) => {
    const shown = output.quiet ? reports.filter(({ outcome }) => outcome !== 'ok') : reports;
    return shown.length === 0 ? '' : reportLines(shown, paint);
  });
  if (!output.json) {
    for (const report of reports) {
      if (report.outcome !== 'ok') output.note((paint) => errorText(report.error, paint, report.phone));
    }
    if (reports.length > 1 && !output.quiet) output.note(() => summaryText(reports));
  }
  exit(exitCode);
}

function interruptedCode(signal: AbortSignal): number {
  const reason: unknown = signal.reason;
  return isAtcomError(reason) ? reason.exitCode : 130;
}

/** Many phones, or a key that takes one out of service: a terminal is asked, a script needs `--yes`. */
async function askFirst(context: Context, jobs: readonly Job[], yes: boolean): Promise<void> {
  const keys = new Set(jobs.flatMap(({ sequence }) => destructiveKeys(sequence)));
  if (yes || (keys.size === 0 && jobs.length <= MANY_PHONES)) return;
  const names = jobs.map(({ settings }) => settings.name ?? settings.host);
  const sequences = new Set(jobs.map(({ sequence }) => formatSequence(sequence)));
  const what = `this presses ${[...sequences].join(' or ')} on ${visible(names.join(', '))}`;
  if (!(await confirm(context, what))) throw new AtcomError('not-confirmed', { what });
}
