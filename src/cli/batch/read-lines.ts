import { hearSignal } from '../../abort.ts';
import { AtcomError, isAtcomError } from '../../errors.ts';
import { tooLarge } from '../../files/open.ts';
import { unreadable } from '../../files/reason.ts';
import { checkLooks, checkSelected } from '../../targets/effort.ts';
import type { Context } from '../context.ts';
import { failureOf } from '../failure.ts';
import type { AskedFiles } from '../reports/asked.ts';
import { AskedLines, MOST_WRONG } from './asked-lines.ts';
import type { BatchParser, ReadyLine } from './parser.ts';
import { PipedLines } from './piped-lines.ts';
import { nothingToDo } from './run-lines.ts';

const DIVIDE = 'divide it into several files';

/** More wrong lines would not help. */
const MOST_SHOWN = 50;

/** How many characters values may put into the lines of a file, of which each is read. */
const MOST_INSERTED = 8 * 1024 * 1024;

/** A file of commands. */
interface BatchText {
  readonly file: string;
  readonly text: string;
  /** The number of the first line to run. */
  readonly from: number;
}

/** Lines that were not run, with what they ask to be written. */
export interface Unrun {
  readonly asked: readonly AskedFiles[];
  /** Why they cannot be run; undefined if the run ended before them. */
  readonly error?: AtcomError;
}

/**
 * The lines of a file to run. Every one is read, so that nothing is sent when one is wrong.
 *
 * @throws {AtcomError} `batch`, which names the wrong lines, `usage` if there is nothing to run, and the reason of the
 * signal
 */
export async function readAll(
  { looks = { count: 0 }, signal }: Pick<Context, 'looks' | 'signal'>,
  parser: BatchParser,
  { file, text, from }: BatchText,
): Promise<readonly ReadyLine[]> {
  const ready: ReadyLine[] = [];
  const wrong: AtcomError<'batch'>[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (wrong.length >= MOST_WRONG) checkWrong(wrong, `; from line ${index + 1} on, nothing was read`);
    const before = ready.length + wrong.length;
    try {
      const step = await parser.next(line);
      if (step !== undefined) ready.push(step);
    } catch (error) {
      if (!isAtcomError(error) || error.code !== 'batch') throw error;
      wrong.push(error);
    }
    checkInserted(parser, `${file} up to line ${index + 1}`);
    const lines = `the targets of ${file} up to line ${index + 1}`;
    checkLooks(looks, lines, DIVIDE);
    checkSelected(looks, lines, DIVIDE);
    // There may be millions of empty lines, which take no time.
    if (ready.length + wrong.length > before) await hearSignal(signal);
  }
  checkWrong(wrong);
  if (ready.length > 0) return ready;
  if (parser.last === 0) throw nothingToDo(file);
  const hint = `its last command is on line ${parser.last}`;
  throw new AtcomError('usage', { reason: `${file} has no command from line ${from} on`, hint });
}

/** @throws {AtcomError} `usage`, because a short file of long values would take minutes */
function checkInserted({ inserted }: BatchParser, lines: string): void {
  if (inserted <= MOST_INSERTED) return;
  const most = MOST_INSERTED.toLocaleString('en');
  const reason = `the values of $names in ${lines} have more than ${most} characters in all`;
  throw new AtcomError('usage', { reason, hint: DIVIDE });
}

/** @throws {AtcomError} `batch` if there are wrong lines */
function checkWrong(wrong: readonly AtcomError<'batch'>[], unread = ''): void {
  // A wrong config is the same error for every line that asks for it.
  const told = new Set<unknown>();
  const [first, ...next] = wrong.filter(
    ({ cause }) => cause === undefined || (!told.has(cause) && told.add(cause)),
  );
  if (first === undefined) return;
  const others = next.slice(0, MOST_SHOWN - 1).map(({ message }) => message);
  const more = next.length - others.length;
  if (more > 0 || unread !== '') others.push(`…${more > 0 ? ` and ${more} more` : ''}${unread}`);
  throw new AtcomError('batch', { ...first.details, others }, { cause: first });
}

/** More than any command needs; a longer line would fill the memory. */
const LONGEST_LINE = 1024 * 1024;

/**
 * The lines of stdin as they arrive: a script can keep the pipe open.
 *
 * @param unrun - gets the line that is wrong, and those that had arrived when the run ended
 * @throws {AtcomError} `batch`, and `unreadable-file` if stdin fails or a line has no end
 */
export async function* arrivingLines(
  { stdin, signal }: Context,
  parser: BatchParser,
  unrun: Unrun[],
): AsyncGenerator<ReadyLine> {
  const asked = new AskedLines();
  const arrived = new PipedLines(stdin(), LONGEST_LINE, signal);
  try {
    for await (const line of arrived) {
      const one = asked.next(line);
      const step = await parser.next(line).catch((error: unknown) => {
        unrun.push({ asked: [one], error: failureOf(error, signal) });
        throw error;
      });
      if (step !== undefined) yield step;
    }
  } finally {
    // A batch that ends early must not wait for the rest of the pipe.
    arrived.close();
    for await (const line of arrived) unrun.push({ asked: [asked.next(line)] });
  }
  if (arrived.failure !== undefined) throw unreadable('stdin', arrived.failure);
  if (arrived.endless) throw tooLarge('a line of stdin', LONGEST_LINE);
}
