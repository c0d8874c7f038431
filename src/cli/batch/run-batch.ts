import { statSync } from 'node:fs';
import { AtcomError } from '../../errors.ts';
import { attempt } from '../../files/attempt.ts';
import type { Context } from '../context.ts';
import { failureOf } from '../failure.ts';
import { readText } from '../read-text.ts';
import { type AskedFiles, askedIn, reportsOfAll } from '../reports/asked.ts';
import type { ReportTarget } from '../reports/index.ts';
import type { CommandStep } from '../step.ts';
import { checkStep } from '../steps.ts';
import { askedInText } from './asked-lines.ts';
import { BatchParser, type BatchStep, type ReadyLine } from './parser.ts';
import { arrivingLines, readAll, type Unrun } from './read-lines.ts';
import { dried, LineRunner } from './run-lines.ts';
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
  const shared = { ...sharingListener(context), readsStdin: file === '-' };
  const reading = { ...shared, looks: { count: 0 } };
  const written = new WrittenFiles(repeat > 1);
  const check = async (step: CommandStep) => {
    if (!dryRun && file !== '-') written.claim(step);
    await checkStep(reading, dried(step, dryRun));
  };
  const parser = new BatchParser(file === '-' ? 'stdin' : file, check, from);
  const runner = new LineRunner(shared, file === '-' ? undefined : file, dryRun, from);
  const unrun: Unrun[] = [];
  try {
    if (file === '-') {
      await runner.run(arrivingLines(context, parser, unrun));
      return;
    }
    const text = await readText(file, context);
    const prepare = async () => {
      const lines = await readAll(reading, parser, { file, text, from });
      // Events between two lines count, so somebody has to listen from the start; a port that is taken is found now.
      if (!dryRun && lines.some(({ step }) => listens(step))) await shared.listen();
      return lines;
    };
    const ready = await prepare().catch((error: unknown) => {
      unrun.push({ asked: askedInText(text, from), error: failureOf(error, context.signal) });
      throw error;
    });
    try {
      for (let left = repeat - 1; left >= 0; left -= 1) if (!(await runner.run(ready, left))) return;
    } finally {
      unrun.push({ asked: ready.slice(runner.reached).map(askedInLine) });
    }
  } finally {
    const { failed } = runner;
    if (failed !== undefined) unrun.push({ asked: [askedInLine(failed.line)], error: failed.error });
    if (!dryRun) for (const one of unrun) await replaceReports(context, one);
    await shared.closeListener();
  }
}

function askedInLine({ words, said }: ReadyLine): AskedFiles {
  return askedIn(words, said);
}

/** The reports of what was not run would else be those of the last run. */
async function replaceReports(context: Context, { asked, error }: Unrun): Promise<void> {
  const isOld = ({ file }: ReportTarget) => attempt(() => statSync(file).isFile()) === true;
  // A line that was not reached has nothing to report.
  const targets = reportsOfAll(asked).filter((target) => error !== undefined || isOld(target));
  if (targets.length === 0) return;
  const { reportRefusal } = await import('../reports/refusal.ts');
  const reason = 'the run ended at a line before it';
  await reportRefusal(context, 'run', targets, error ?? new AtcomError('skipped', { reason }));
}

/** Whether a step waits for an event. */
function listens(step: BatchStep): boolean {
  if (step.kind !== 'press') return step.kind === 'expect';
  const { options, afterAnswer } = step;
  return options.confirm === true || options.wait !== undefined || afterAnswer !== undefined;
}
