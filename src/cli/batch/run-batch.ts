import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { AtcomError, isAtcomError } from '../../errors.ts';
import type { Context } from '../context.ts';
import { errorText } from '../output/render.ts';
import { visibleLines } from '../output/text.ts';
import { readText } from '../read-text.ts';
import type { CommandStep } from '../step.ts';
import { checkStep, runStep } from '../steps.ts';
import { BatchParser, type BatchStep, type ReadyLine } from './parser.ts';
import { sharingListener } from './shared-listener.ts';

/** The options of `atcom run`. */
export interface BatchOptions {
  readonly dryRun?: boolean;
  /** The number of the first line to run. */
  readonly from: number;
  /** The number of repetitions. */
  readonly repeat: number;
}

/** Runs a file of commands, or with `-` the lines of stdin as they arrive. */
export async function runBatch(context: Context, file: string, options: BatchOptions): Promise<void> {
  const shared = sharingListener(context);
  const dryRun = options.dryRun === true;
  const read: CommandStep[] = [];
  const parser = new BatchParser(file === '-' ? 'stdin' : file, (step) => {
    read.push(step);
    return checkStep(context, dried(step, dryRun));
  });
  try {
    if (file === '-') await runLines(shared, file, lines(shared, parser), dryRun);
    else {
      const ready = await readAll(context, parser, file, options.from).catch((error: unknown) =>
        refuse(context, dryRun ? [] : read, error),
      );
      // Events between two lines count, so somebody has to listen from the start; a port that is taken is found now.
      if (!dryRun && ready.some(({ step }) => listens(step))) await shared.listen();
      for (let round = 0; round < options.repeat; round += 1) {
        if (!(await runLines(shared, file, ready, dryRun))) return;
      }
    }
  } finally {
    await shared.closeListener();
  }
}

/** The reports of a file that is refused would else be those of its last run. */
async function refuse(context: Context, steps: readonly CommandStep[], error: unknown): Promise<never> {
  const targets = steps.flatMap((step) => (step.kind === 'press' ? (step.options.report ?? []) : []));
  if (isAtcomError(error) && targets.length > 0) {
    const { reportRefusal } = await import('../reports/refusal.ts');
    await reportRefusal(context, 'run', targets, error);
  }
  throw error;
}

/** Every line is read, so that nothing is sent when one is wrong; those before `from` are not run. */
async function readAll(
  context: Context,
  parser: BatchParser,
  file: string,
  from: number,
): Promise<ReadyLine[]> {
  const text = await readText(file, context);
  const all: ReadyLine[] = [];
  const wrong: AtcomError<'batch'>[] = [];
  for (const line of text.split(/\r?\n/)) {
    try {
      const step = await parser.next(line);
      if (step !== undefined) all.push(step);
    } catch (error) {
      if (!isAtcomError(error) || error.code !== 'batch') throw error;
      wrong.push(error);
    }
  }
  const [first, ...others] = wrong;
  if (first !== undefined) {
    throw new AtcomError(
      'batch',
      { ...first.details, others: others.map(({ message }) => message) },
      { cause: first },
    );
  }
  const ready = all.filter(({ number }) => number >= from);
  if (ready.length === 0 && from > 1) {
    const hint = `its last command stands in line ${all.at(-1)?.number ?? 0}`;
    throw new AtcomError('usage', { reason: `${file} has no command from line ${from} on`, hint });
  }
  return ready;
}

/** The lines of stdin as they arrive: a script can keep the pipe open. */
async function* lines({ stdin, signal }: Context, parser: BatchParser): AsyncGenerator<ReadyLine> {
  const input = createInterface({ input: stdin(), signal });
  try {
    for await (const line of input) {
      const step = await parser.next(line);
      if (step !== undefined) yield step;
    }
  } finally {
    // A batch that ends early must not wait for the rest of the pipe.
    input.close();
  }
}

/** Runs lines until one fails. Returns whether all succeeded. */
async function runLines(
  context: Context,
  file: string,
  ready: Iterable<ReadyLine> | AsyncIterable<ReadyLine>,
  dryRun: boolean,
): Promise<boolean> {
  let exitCode = 0;
  const exit = (code: number) => {
    exitCode = code;
  };
  for await (const { number, text, words, step } of ready) {
    if (context.signal.aborted) throw context.signal.reason;
    await runOne({ ...context, words, exit }, step, dryRun).catch((error: unknown) => {
      if (!isAtcomError(error) || context.signal.aborted) throw error;
      context.output.note((paint) => errorText(error.toJSON(), paint));
      exitCode = error.exitCode;
    });
    if (exitCode === 0) continue;
    context.exit(exitCode);
    if (file !== '-') {
      context.output.note(() =>
        visibleLines(`${file}:${number}: ${text}\n  ended with ${exitCode}; go on with --from ${number}`),
      );
    }
    return false;
  }
  return true;
}

/** Whether a step waits for an event. */
function listens(step: BatchStep): boolean {
  if (step.kind !== 'press') return step.kind === 'expect';
  const { options, afterAnswer } = step;
  return options.confirm === true || options.wait !== undefined || afterAnswer !== undefined;
}

function dried(step: CommandStep, dryRun: boolean): CommandStep {
  return step.kind === 'press' && dryRun ? { ...step, options: { ...step.options, dryRun } } : step;
}

/** A dry run sends nothing, so there is no event to wait for. */
async function runOne(context: Context, step: BatchStep, dryRun: boolean): Promise<void> {
  if (step.kind === 'press') {
    await runStep(context, dried(step, dryRun));
  } else if (!dryRun) {
    if (step.kind === 'expect') await runStep(context, step);
    else await sleep(step.ms, undefined, { signal: context.signal }).catch(() => undefined);
  }
}
