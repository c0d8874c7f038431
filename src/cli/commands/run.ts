import { createInterface } from 'node:readline';
import { Command } from '@commander-js/extra-typings';
import { AtcomError, isAtcomError } from '../../errors.ts';
import { BatchParser, type ReadyLine, sharingListener } from '../batch/batch.ts';
import type { MakeProgram } from '../batch/command-reader.ts';
import type { Context } from '../context.ts';
import { wholeNumber } from '../options.ts';
import { errorText } from '../output/render.ts';
import { visibleLines } from '../output/text.ts';

/** `atcom run <file|->` */
export function runCommand(context: Context, makeProgram: MakeProgram) {
  return new Command('run')
    .summary('run a file of commands, a line each')
    .description(
      'Runs the commands of a file, or with - of stdin, line by line: the words of this command line without atcom, ' +
        'and to <target>, sleep 2s, set name value with $name, expect <event>; # comments. It ends at the first line ' +
        'that fails. Of a file nothing is sent before every line is understood.',
    )
    .argument('<file>', 'the file, or - for stdin')
    .option('-n, --dry-run', 'print the exact URLs and send nothing')
    .option('--from <line>', 'begin at this line', wholeNumber(1, 9_999_999), 1)
    .option('--repeat <times>', 'run it so often', wholeNumber(1, 1_000_000), 1)
    .addHelpText('after', '\nExample:\n  $ atcom run night.atcom\n  $ echo "dnd on --to lobby" | atcom run -')
    .action((file, options) => runBatch(context, makeProgram, file, options));
}

interface RunOptions {
  readonly dryRun?: boolean;
  readonly from: number;
  readonly repeat: number;
}

async function runBatch(
  context: Context,
  makeProgram: MakeProgram,
  file: string,
  options: RunOptions,
): Promise<void> {
  const shared = sharingListener(context);
  const parser = new BatchParser(
    file === '-' ? 'stdin' : file,
    context,
    makeProgram,
    options.dryRun === true,
  );
  try {
    if (file === '-') await runLines(shared, file, lines(shared, parser));
    else {
      const ready = await readAll(parser, file, options.from);
      // Events between two lines count, so somebody has to listen from the start.
      if (options.dryRun !== true && ready.some(({ words }) => words[0] === 'expect')) await shared.listen();
      for (let round = 0; round < options.repeat; round += 1) {
        if (!(await runLines(shared, file, ready))) return;
      }
    }
  } finally {
    await shared.closeListener();
  }
}

/** Every line is read, so that nothing is sent when one is wrong; those before `from` are not run. */
async function readAll(parser: BatchParser, file: string, from: number): Promise<ReadyLine[]> {
  const { readFile } = await import('node:fs/promises');
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new AtcomError('unreadable-file', { file, reason: cause.message }, { cause });
  });
  const all: ReadyLine[] = [];
  for (const line of text.split(/\r?\n/)) {
    const step = await parser.next(line);
    if (step !== undefined) all.push(step);
  }
  const ready = all.filter(({ number }) => number >= from);
  if (ready.length === 0 && from > 1) {
    const hint = `its last command stands in line ${all.at(-1)?.number ?? 0}`;
    throw new AtcomError('usage', { reason: `${file} has no command from line ${from} on`, hint });
  }
  return ready;
}

/** The lines of stdin as they come: a script can keep the pipe open and feed it. */
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

/** Runs lines until one fails; tells whether all went well. */
async function runLines(
  context: Context,
  file: string,
  ready: Iterable<ReadyLine> | AsyncIterable<ReadyLine>,
): Promise<boolean> {
  let exitCode = 0;
  const exit = (code: number) => {
    exitCode = code;
  };
  for await (const { number, text, words, step } of ready) {
    if (context.signal.aborted) throw context.signal.reason;
    await step
      .run({ ...context, output: context.output, debug: context.debug, words, exit })
      .catch((error: unknown) => {
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
