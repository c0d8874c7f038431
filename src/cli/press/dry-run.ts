import { planRequests } from '../../protocol/plan.ts';
import { DEFAULT_TIMEOUT } from '../../protocol/settings.ts';
import type { Context } from '../context.ts';
import { curlLines, planLines } from '../output/render.ts';
import { reportDocument } from '../output/report-document.ts';
import type { Job } from './job.ts';
import { skipped } from './send.ts';

/** Writes what would be sent, as URLs or as curl commands, and sends nothing. */
export function showPlan(
  { output, exit }: Context,
  command: string,
  jobs: readonly Job[],
  curl: boolean,
): void {
  const results = jobs.map((job) => skipped(job, 'dry run'));
  const document = { ...reportDocument(command, results, { ms: 0, exitCode: 0 }), dryRun: true };
  output.result(document, () =>
    jobs
      .flatMap(({ settings, sequence }) => {
        const plan = planRequests(settings, sequence);
        return curl ? curlLines(plan, { timeout: DEFAULT_TIMEOUT, ...settings }) : planLines(plan);
      })
      .join('\n'),
  );
  exit(0);
}
