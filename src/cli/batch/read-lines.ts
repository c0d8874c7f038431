import { createInterface } from 'node:readline';
import { AtcomError, isAtcomError } from '../../errors.ts';
import type { Context } from '../context.ts';
import { readText } from '../read-text.ts';
import type { BatchParser, ReadyLine } from './parser.ts';
import { nothingToDo } from './run-lines.ts';

/**
 * The lines of a file to run. Every one is read, so that nothing is sent when one is wrong.
 *
 * @throws {AtcomError} `batch`, which names every wrong line, and `usage` if there is nothing to run
 */
export async function readAll(
  context: Context,
  parser: BatchParser,
  file: string,
  from: number,
): Promise<readonly ReadyLine[]> {
  const text = await readText(file, context);
  const ready: ReadyLine[] = [];
  const wrong: AtcomError<'batch'>[] = [];
  for (const line of text.split(/\r?\n/)) {
    try {
      const step = await parser.next(line);
      if (step !== undefined) ready.push(step);
    } catch (error) {
      if (!isAtcomError(error) || error.code !== 'batch') throw error;
      wrong.push(error);
    }
  }
  const [first, ...others] = wrong;
  if (first !== undefined) {
    const details = { ...first.details, others: others.map(({ message }) => message) };
    throw new AtcomError('batch', details, { cause: first });
  }
  if (ready.length > 0) return ready;
  if (parser.last === 0) throw nothingToDo(file);
  const hint = `its last command is on line ${parser.last}`;
  throw new AtcomError('usage', { reason: `${file} has no command from line ${from} on`, hint });
}

/** The lines of stdin as they arrive: a script can keep the pipe open. */
export async function* arrivingLines(
  { stdin, signal }: Context,
  parser: BatchParser,
): AsyncGenerator<ReadyLine> {
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
