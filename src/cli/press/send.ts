import { AtcomError } from '../../errors.ts';
import { runFleet } from '../../fleet/run.ts';
import type { RequestReport, SendOptions } from '../../phone/index.ts';
import { hostText } from '../../protocol/command-url.ts';
import { planRequests } from '../../protocol/plan.ts';
import { endpointOf } from '../../protocol/settings.ts';
import type { EventHub, Expectation, ProvenReport } from '../../receiver/index.ts';
import type { Context } from '../context.ts';
import type { PhoneOptions } from '../options.ts';
import { showProgress } from '../output/progress.ts';
import { visible } from '../output/text.ts';
import { rebootSign } from './expectation.ts';
import type { Job } from './press.ts';

/** What is awaited after the keys, and where events come in. */
export interface Proving {
  readonly hub: EventHub;
  readonly expectation: Omit<Expectation, 'orElse'>;
  /** Whether the keys reboot the phone. */
  readonly reboots: boolean;
}

/** Sends the job of one phone. */
export type SendJob = (job: Job) => Promise<ProvenReport>;

/** Sends every job, many phones side by side, and returns their reports in the order of the jobs. */
export async function sendAll(
  context: Context,
  jobs: readonly Job[],
  options: PhoneOptions,
  send: SendJob,
): Promise<readonly ProvenReport[]> {
  const { output, signal } = context;
  await context.beforeSending?.(jobs.length);
  const progress = showProgress(output, jobs.length);
  const serve = async (job: Job) => {
    const report = await send(job);
    if (options.ndjson === true) output.lines([report]);
    progress.done('error' in report);
    return report;
  };
  const { jobs: sideBySide, rate, stagger = 0, serial, maxFail, failFast } = options;
  const interval = Math.max(rate ?? 0, stagger);
  try {
    const reports = await runFleet(jobs, serve, (report) => 'error' in report, {
      jobs: sideBySide,
      interval,
      waves: serial,
      maxFail,
      failFast,
      signal,
    });
    const reason = signal.aborted ? 'the run was stopped' : 'too many phones before it failed';
    return reports.map((report, index) => report ?? skipped(jobs[index] as Job, reason));
  } finally {
    progress.stop();
  }
}

/** The report of a phone to which nothing was sent. */
export function skipped({ settings, sequence }: Job, reason: string): ProvenReport {
  const host = hostText(endpointOf(settings));
  const requests = planRequests(settings, sequence).map(({ url }) => ({
    url,
    outcome: 'skipped' as const,
    ms: 0,
  }));
  const error = new AtcomError('skipped', { reason });
  return { phone: settings.name ?? host, host, outcome: 'skipped', ms: 0, requests, error };
}

/** What sends a job: presses the keys and, where that is asked for, waits for the phone's own event. */
export async function sender(
  context: Context,
  { retry, waitApproval }: PhoneOptions,
  proving: Proving | undefined,
): Promise<SendJob> {
  const { Phone } = await import('../../phone/index.ts');
  const onRequest = context.debug ? showExchange(context) : undefined;
  const options: SendOptions = { stop: context.signal, retry, waitApproval, onRequest };
  if (proving === undefined) {
    return ({ settings, sequence }) => new Phone(settings, context.transport).send(sequence, options);
  }
  const { sendAndProve } = await import('../../receiver/index.ts');
  return async ({ settings, sequence }) => {
    const orElse = proving.reboots ? await rebootSign(context, settings) : undefined;
    const phone = new Phone(settings, context.transport);
    return sendAndProve(phone, sequence, proving.hub, { ...proving.expectation, orElse }, options);
  };
}

/** Shows each request and the head of its answer. */
export function showExchange({ output }: Context): SendOptions['onRequest'] {
  return ({ url, outcome, ms }: RequestReport, head) => {
    const answer = head === '' ? [] : head.split(/\r?\n/).map((line) => `< ${visible(line)}`);
    output.note((paint) => paint('dim', [`> GET ${url}`, ...answer, `= ${outcome}, ${ms} ms`].join('\n')));
  };
}
