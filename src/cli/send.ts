import type { PhoneReport, RequestReport } from '../phone/index.ts';
import type { Context } from './context.ts';
import type { PhoneOptions } from './options.ts';
import type { Job } from './press.ts';
import { showProgress } from './progress.ts';
import { visible } from './text.ts';

/** Phones served side by side. */
const SIDE_BY_SIDE = 8;

/** Sends every job, a few phones at a time, and returns their reports in the order of the jobs. */
export async function sendAll(
  context: Context,
  jobs: readonly Job[],
  options: PhoneOptions,
): Promise<readonly PhoneReport[]> {
  const { Phone } = await import('../phone/index.ts');
  const { output, signal } = context;
  const send = ({ settings, sequence }: Job) => {
    const phone = new Phone(settings, context.transport);
    return phone.send(sequence, {
      signal,
      retry: options.retry,
      waitApproval: options.waitApproval,
      ...(context.debug ? { onRequest: debug } : {}),
    });
  };
  const debug = ({ url, outcome, ms }: RequestReport, head: string) => {
    output.note((paint) => paint('dim', [`> GET ${url}`, ...answerLines(head, outcome, ms)].join('\n')));
  };
  await context.beforeSending?.();
  const reports: PhoneReport[] = [];
  const progress = showProgress(output, jobs.length);
  let next = 0;
  const serve = async () => {
    for (let index = next++; index < jobs.length; index = next++) {
      const job = jobs[index];
      if (job === undefined) return;
      reports[index] = await send(job);
      progress.done();
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, jobs.length) }, serve));
  } finally {
    progress.stop();
  }
  return reports;
}

function answerLines(head: string, outcome: string, ms: number): string[] {
  const lines = head === '' ? [] : head.split(/\r?\n/).map((line) => `< ${visible(line)}`);
  return [...lines, `= ${outcome}, ${ms} ms`];
}
