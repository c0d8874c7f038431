import { statSync } from 'node:fs';
import { AtcomError, isAtcomError } from '../../errors.ts';
import { attempt } from '../../files/attempt.ts';
import type { Context } from '../context.ts';
import type { ReportTarget } from '../reports/index.ts';
import type { CommandStep } from '../step.ts';
import { checkStep } from '../steps.ts';
import { BatchParser, type BatchStep } from './parser.ts';
import { arrivingLines, readAll } from './read-lines.ts';
import { dried, isDry, LineRunner } from './run-lines.ts';
import { sharingListener } from './shared-listener.ts';
import { WrittenFiles } from './written-files.ts';

/** The options of `atcom run`. */
export interface BatchOptions {
  readonly dryRun?: boolean;
  /** The number of the first line to run. */
  readonly from: number;
  /** The number of repetitions. */
  readonly repeat: number;
}

/** Runs a file of commands, or with `-` the lines of stdin as they arrive. */
export async function runBatch(
  context: Context,
  file: string,
  { dryRun = false, from, repeat }: BatchOptions,
): Promise<void> {
  if (file === '-' && repeat > 1) {
    const reason = '--repeat runs a file again, but stdin can be read only once';
    throw new AtcomError('usage', { reason, hint: 'write them to a file' });
  }
  const shared = sharingListener(context);
  const reading = { ...shared, looks: { count: 0 } };
  const read: CommandStep[] = [];
  const written = new WrittenFiles(repeat > 1);
  const check = async (step: CommandStep) => {
    read.push(step);
    if (!dryRun && file !== '-') written.claim(step);
    await checkStep(reading, dried(step, dryRun));
  };
  const parser = new BatchParser(file === '-' ? 'stdin' : file, check, from);
  try {
    if (file === '-') {
      await new LineRunner(shared, undefined, dryRun).run(arrivingLines(context, parser));
      return;
    }
    const prepare = async () => {
      const lines = await readAll(reading, parser, file, from);
      // Events between two lines count, so somebody has to listen from the start; a port that is taken is found now.
      if (!dryRun && lines.some(({ step }) => listens(step))) await shared.listen();
      return lines;
    };
    const ready = await prepare().catch((error: unknown) => refuse(context, dryRun ? [] : read, error));
    const runner = new LineRunner(shared, file, dryRun, from);
    try {
      for (let left = repeat - 1; left >= 0; left -= 1) if (!(await runner.run(ready, left))) return;
    } finally {
      const { failed } = runner;
      if (!dryRun && failed !== undefined) await replaceReports(context, [failed.step], failed.error);
      // Those of the lines after the one at which it ended would be old, too.
      const unreached = ready.slice(runner.reached).map(({ step }) => step);
      const reason = 'the file ended at a line before it';
      const isOld = ({ file }: ReportTarget) => attempt(() => statSync(file).isFile()) === true;
      if (!dryRun) await replaceReports(context, unreached, new AtcomError('skipped', { reason }), isOld);
    }
  } finally {
    await shared.closeListener();
  }
}

/** The reports of a file that is refused would else be those of its last run. */
async function refuse(context: Context, steps: readonly CommandStep[], error: unknown): Promise<never> {
  if (isAtcomError(error)) await replaceReports(context, steps, error);
  throw error;
}

/** @param isMeant - whether a report is replaced */
async function replaceReports(
  context: Context,
  steps: readonly BatchStep[],
  error: AtcomError,
  isMeant: (target: ReportTarget) => boolean = () => true,
): Promise<void> {
  const options = steps.flatMap((step) =>
    step.kind === 'press' && !isDry(step, false) ? [step.options] : [],
  );
  const targets = options.flatMap(({ report = [] }) => report).filter(isMeant);
  if (targets.length === 0) return;
  const { besides, reportRefusal } = await import('../reports/refusal.ts');
  const journals = options.flatMap(
    ({ journal, resume, retryFailed }) => journal ?? resume ?? retryFailed ?? [],
  );
  await reportRefusal(context, 'run', besides(targets, journals), error);
}

/** Whether a step waits for an event. */
function listens(step: BatchStep): boolean {
  if (step.kind !== 'press') return step.kind === 'expect';
  const { options, afterAnswer } = step;
  return options.confirm === true || options.wait !== undefined || afterAnswer !== undefined;
}
