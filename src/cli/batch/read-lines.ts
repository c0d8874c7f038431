import { createInterface } from 'node:readline';
import { hearSignal } from '../../abort.ts';
import { AtcomError, isAtcomError } from '../../errors.ts';
import { tooLarge } from '../../files/open.ts';
import { unreadable } from '../../files/reason.ts';
import { checkLooks, checkSelected } from '../../targets/effort.ts';
import type { Context } from '../context.ts';
import { readText } from '../read-text.ts';
import type { BatchParser, ReadyLine } from './parser.ts';
import { nothingToDo } from './run-lines.ts';

const DIVIDE = 'divide it into several files';

/** More wrong lines would not help. */
const MOST_SHOWN = 50;

/**
 * The lines of a file to run. Every one is read, so that nothing is sent when one is wrong.
 *
 * @throws {AtcomError} `batch`, which names the wrong lines, `usage` if there is nothing to run, and the reason of the
 * signal
 */
export async function readAll(
  context: Context,
  parser: BatchParser,
  file: string,
  from: number,
): Promise<readonly ReadyLine[]> {
  const { looks = { count: 0 } } = context;
  const text = await readText(file, context);
  const ready: ReadyLine[] = [];
  const wrong: AtcomError<'batch'>[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const before = ready.length + wrong.length;
    try {
      const step = await parser.next(line);
      if (step !== undefined) ready.push(step);
    } catch (error) {
      if (!isAtcomError(error) || error.code !== 'batch') throw error;
      wrong.push(error);
    }
    const lines = `the targets of ${file} up to line ${index + 1}`;
    checkLooks(looks, lines, DIVIDE);
    checkSelected(looks, lines, DIVIDE);
    // There may be millions of empty lines, which take no time.
    if (ready.length + wrong.length > before) await hearSignal(context.signal);
  }
  const [first, ...next] = wrong;
  if (first !== undefined) throw joined(first, next);
  if (ready.length > 0) return ready;
  if (parser.last === 0) throw nothingToDo(file);
  const hint = `its last command is on line ${parser.last}`;
  throw new AtcomError('usage', { reason: `${file} has no command from line ${from} on`, hint });
}

function joined(first: AtcomError<'batch'>, next: readonly AtcomError<'batch'>[]): AtcomError<'batch'> {
  const others = next.slice(0, MOST_SHOWN - 1).map(({ message }) => message);
  const more = next.length - others.length;
  if (more > 0) others.push(`… and ${more} more`);
  return new AtcomError('batch', { ...first.details, others }, { cause: first });
}

/** More than any command needs, in bytes; a longer line would fill the memory. */
const LONGEST_LINE = 1024 * 1024;

/**
 * The lines of stdin as they arrive: a script can keep the pipe open.
 *
 * @throws {AtcomError} `batch`, and `unreadable-file` if stdin fails or a line has no end
 */
export async function* arrivingLines(
  { stdin, signal }: Context,
  parser: BatchParser,
): AsyncGenerator<ReadyLine> {
  const stream = stdin();
  const input = createInterface({ input: stream, signal });
  let [length, endless] = [0, false];
  const measure = (piece: Buffer | string) => {
    const end = piece.lastIndexOf('\n');
    length = end < 0 ? length + piece.length : piece.length - end - 1;
    if (length <= LONGEST_LINE) return;
    endless = true;
    input.close();
  };
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure = error;
    input.close();
  };
  stream.on('data', measure).on('error', fail);
  try {
    for await (const line of input) {
      const step = await parser.next(line);
      if (step !== undefined) yield step;
    }
  } catch (error) {
    throw error === failure ? unreadable('stdin', error) : error;
  } finally {
    stream.off('data', measure);
    // A batch that ends early must not wait for the rest of the pipe.
    input.close();
  }
  if (failure !== undefined) throw unreadable('stdin', failure);
  if (endless) throw tooLarge('a line of stdin', LONGEST_LINE);
}
