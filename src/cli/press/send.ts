import { setMaxListeners } from 'node:events';
import { onAbort } from '../../abort.ts';
import { visible } from '../../errors/visible.ts';
import { AtcomError } from '../../errors.ts';
import { runFleet } from '../../fleet/run-fleet.ts';
import type { PressOptions, ProvenReport, RequestReport, SendOptions } from '../../phone/index.ts';
import { hostText } from '../../protocol/command-url.ts';
import { planRequests } from '../../protocol/plan.ts';
import { endpointOf, nameOf } from '../../protocol/settings.ts';
import type { VerbProof } from '../../protocol/verb-events.ts';
import type { EventHub } from '../../receiver/index.ts';
import type { Context } from '../context.ts';
import type { PhoneOptions } from '../options.ts';
import { showProgress } from '../output/progress.ts';
import type { Job } from './job.ts';
import type { RunJournal } from './journal.ts';
import { targetText } from './target-text.ts';

/** What a run does besides pressing keys. */
export interface Beside {
  /** What to wait for after the keys, and the source of events. */
  readonly proving?:
    | {
        readonly hub: EventHub;
        readonly expectation: VerbProof;
        /** Digits to press once the call is up. */
        readonly afterAnswer: string | undefined;
      }
    | undefined;
  readonly journal?: RunJournal | undefined;
}

/** Why a phone was not pressed whose intent could not be recorded. */
const UNWRITTEN = 'the journal could not be written';

/** The result of a run: a report for each job, in order, and the error that ended the run, if it is a bug. */
export interface Sent {
  readonly reports: readonly ProvenReport[];
  readonly bug?: { readonly cause: unknown };
}

/** Sends all jobs, many phones concurrently. Whatever ends the run, everything known of each phone is reported. */
export async function sendAll(
  context: Context,
  jobs: readonly Job[],
  options: PhoneOptions,
  { proving, journal }: Beside,
): Promise<Sent> {
  const { output } = context;
  let bug: Sent['bug'];
  // Ends the waiting within a phone, too: for its prompt, a pause, another attempt, or an event.
  const stop = new AbortController();
  // Every phone listens for it.
  setMaxListeners(0, stop.signal);
  const forgotten = [context.signal, journal?.unwritten].map((signal) => onAbort(signal, () => stop.abort()));
  if (context.signal.aborted) stop.abort();
  const send = await sender(context, options, proving, stop.signal);
  // After the client is loaded, because V8 compares its flags with those under which the compiled code was stored.
  await context.beforeSending?.(jobs.length);
  const progress = showProgress(output, jobs.length);
  let served = 0;
  // Without a socket nothing was sent; while others come to their end, they give theirs back.
  const patiently = async (sending: () => Promise<ProvenReport>) => {
    for (;;) {
      const before = served;
      const report = await sending();
      if (!lacksHandle(report) || served === before || stop.signal.aborted) return report;
    }
  };
  const tell = (report: ProvenReport) => {
    if (options.ndjson === true) output.lines([report]);
    return report;
  };
  for (const report of journal?.known ?? []) tell(report);
  const serve = async (job: Job) => {
    const report = await patiently(() => send(job))
      .then((sent) => hinted(context, job, sent))
      .catch((cause: unknown) => {
        bug ??= { cause };
        stop.abort();
        return broken(job);
      });
    // On disk before the run counts it.
    await journal?.record(report);
    served += 1;
    progress.done('error' in report);
    return tell(report);
  };
  const { jobs: sideBySide, rate, stagger = 0, serial: waves, maxFail, failFast } = options;
  const interval = Math.max(rate ?? 0, stagger);
  // On disk before the request is sent.
  const announce = journal && ((job: Job) => journal.intend(job));
  const fleet = { jobs: sideBySide, interval, waves, maxFail, failFast, announce, signal: stop.signal };
  try {
    const reports = await runFleet(jobs, serve, (report) => failsAnew(report, journal), fleet);
    const full =
      journal?.unwritten.aborted === true ? UNWRITTEN : 'too many other phones failed before its turn';
    const reason = context.signal.aborted ? 'the run was stopped' : bug === undefined ? full : 'atcom failed';
    const told = reports.map((report, index) => report ?? tell(skipped(jobs[index] as Job, reason)));
    return { reports: told, ...(bug === undefined ? {} : { bug }) };
  } finally {
    for (const forget of forgotten) forget();
    progress.stop();
  }
}

function lacksHandle(report: ProvenReport): boolean {
  return 'error' in report && report.error.code === 'no-handles';
}

/** What failed before as it fails now is no reason to spare the others: a phone that stays off would starve them. */
function failsAnew(report: ProvenReport, journal: RunJournal | undefined): boolean {
  return 'error' in report && journal?.before.get(report.host)?.outcome !== report.outcome;
}

/**
 * For a phone that shows its prompt, the hint depends on the remembered approvals; for any other outcome nothing is
 * read.
 */
async function hinted(context: Context, { settings }: Job, report: ProvenReport): Promise<ProvenReport> {
  if (report.outcome !== 'approval') return report;
  const { hintApproval } = await import('../../doctor/hints.ts');
  return hintApproval(context, { settings, target: targetText(context, settings) }, report);
}

/** The report of a phone to which nothing was sent. */
export function skipped({ settings, sequence, afterAnswer }: Job, reason: string): ProvenReport {
  const host = hostText(endpointOf(settings));
  const plan = [sequence, ...(afterAnswer === undefined ? [] : [afterAnswer])].flatMap((keys) =>
    planRequests(settings, keys),
  );
  const requests = plan.map(({ url }) => ({
    url,
    outcome: 'skipped' as const,
    ms: 0,
  }));
  const error = new AtcomError('skipped', { reason });
  return { phone: nameOf(settings), host, outcome: 'skipped', ms: 0, requests, error };
}

/** The report of a phone that was being pressed when this program failed. */
function broken(job: Job): ProvenReport {
  const report = skipped(job, '');
  const error = new AtcomError('unknown', {
    host: report.host,
    reason: 'was being pressed when atcom failed',
  });
  return { ...report, outcome: 'unknown', error };
}

/** Sends the keys of a job and, if requested, waits for the phone's own event. */
async function sender(
  context: Context,
  { retry, waitApproval, orAlready }: PhoneOptions,
  proving: Beside['proving'],
  stop: AbortSignal,
): Promise<(job: Job) => Promise<ProvenReport>> {
  const { Phone } = await import('../../phone/index.ts');
  const { transport } = context;
  const sending: SendOptions = { stop, retry, waitApproval, onRequest: showExchange(context) };
  const options: PressOptions =
    proving === undefined
      ? sending
      : {
          ...sending,
          confirm: proving.hub,
          wait: proving.expectation,
          afterAnswer: proving.afterAnswer,
          orAlready,
        };
  return ({ settings, sequence }) => new Phone(settings, transport).send(sequence, options);
}

/** With `--debug`, shows each request and the head of its response. */
export function showExchange({ output, debug }: Context): SendOptions['onRequest'] {
  if (!debug) return undefined;
  return ({ url, outcome, ms }: RequestReport, head, body) => {
    const lines = [...head.split(/\r?\n/), ...(body === '' ? [] : ['', ...beginning(body)])];
    const answer = head === '' ? [] : lines.map((line) => `< ${visible(line)}`);
    output.note((paint) => paint('dim', [`> GET ${url}`, ...answer, `= ${outcome}, ${ms} ms`].join('\n')));
  };
}

/** How many characters of a body are shown. */
const SHOWN = 300;

function beginning(body: string): readonly string[] {
  const lines = body.slice(0, SHOWN).split(/\r?\n/);
  return body.length > SHOWN ? [...lines, `… ${body.length - SHOWN} more characters`] : lines;
}
