import { visible } from '../../errors/visible.ts';
import { explainNumber } from '../../protocol/numbers.ts';
import { planRequests } from '../../protocol/plan.ts';
import { DEFAULT_TIMEOUT } from '../../protocol/settings.ts';
import type { VerbCall } from '../../protocol/verbs.ts';
import type { Context } from '../context.ts';
import { curlLines, planLines } from '../output/render.ts';
import { reportDocument } from '../output/report-document.ts';
import type { Job } from './job.ts';
import { skipped } from './send.ts';

/** What is shown, and in which format. */
interface Planned {
  readonly command: string;
  readonly jobs: readonly Job[];
  readonly curl?: boolean;
  /** The verb, if the command is one. */
  readonly call?: VerbCall | undefined;
}

/** How a number was changed for a phone, and why. */
interface NumberStory {
  readonly written: string;
  readonly dialled: string;
  readonly why: string;
}

/** Prints what would be sent, as URLs or as curl commands, and sends nothing. */
export function showPlan({ output, exit }: Context, { command, jobs, curl = false, call }: Planned): void {
  const stories = jobs.map((job) => storyOf(job, call));
  const reports = jobs.map((job) => skipped(job, 'dry run'));
  const results = reports.map((report, index) => {
    const number = stories[index];
    return number === undefined ? report : { ...report, number };
  });
  const document = {
    ...reportDocument(command, reports, { ms: 0, exitCode: 0 }),
    dryRun: true,
    results,
  };
  output.result(document, () =>
    jobs
      .flatMap((job, index) => [...storyLines(stories[index], stories[index - 1]), ...jobLines(job, curl)])
      .join('\n'),
  );
  exit(0);
}

function jobLines({ settings, sequence, afterAnswer }: Job, curl: boolean): readonly string[] {
  const lines = (keys: Job['sequence']) => {
    const plan = planRequests(settings, keys);
    return curl ? curlLines(plan, { timeout: DEFAULT_TIMEOUT, ...settings }) : planLines(plan);
  };
  if (afterAnswer === undefined) return lines(sequence);
  return [...lines(sequence), '# once the phone reports established', ...lines(afterAnswer)];
}

/** Digits pressed during a call are not a number. */
function storyOf({ settings }: Job, call: VerbCall | undefined): NumberStory | undefined {
  if (call?.number === undefined || call.form === 'dtmf') return undefined;
  return { written: call.number, ...explainNumber(call.number, settings) };
}

/** Shown only if the dialled number differs from the written one, and not repeated for each of many phones. */
function storyLines(story: NumberStory | undefined, before: NumberStory | undefined): readonly string[] {
  if (story === undefined || story.written === story.dialled) return [];
  if (story.dialled === before?.dialled && story.why === before.why) return [];
  const { written, dialled, why } = story;
  return [`# ${visible(JSON.stringify(written))} is dialled ${dialled}: ${why}`];
}
