import { type AtcomError, isAtcomError } from '../../errors.ts';
import { type BatchLine, BatchReader } from '../../fleet/batch.ts';
import { parseDuration } from '../../protocol/duration.ts';
import type { CommandStep } from '../step.ts';
import type { Said } from '../words.ts';
import { optionName, wordsProblem } from '../words-problem.ts';
import { StepReader } from './step-reader.ts';

/** What a line of a batch does. */
export type BatchStep = CommandStep | { readonly kind: 'sleep'; readonly ms: number };

/** A parsed line of a batch. */
export interface ReadyLine extends BatchLine {
  readonly step: BatchStep;
  /** What the words of the line say. */
  readonly said: () => readonly Said[];
}

/** Turns the lines of a batch into steps: the words of the command line, and `to`, `sleep`. */
export class BatchParser {
  readonly #reader: BatchReader;
  readonly #steps = new StepReader(
    'atcom run',
    'it takes commands that press keys, and to, set, sleep, expect',
  );
  readonly #check: (step: CommandStep) => Promise<void>;
  readonly #from: number;
  #target: string | undefined;
  #last = 0;

  /**
   * @param check - throws if a step is invalid, without running it
   * @param from - of the lines before this one only `set` and `to` matter
   */
  constructor(file: string, check: (step: CommandStep) => Promise<void>, from = 1) {
    this.#reader = new BatchReader(file, from, (text) => upToUnknown(text, this.#steps.flags));
    this.#check = check;
    this.#from = from;
  }

  /** The number of the last line with a command; 0 if there was none. */
  get last(): number {
    return this.#last;
  }

  /** How many characters values have put into the lines so far. */
  get inserted(): number {
    return this.#reader.inserted;
  }

  /**
   * The step of the next line; undefined for a line without a command, or one that is not to be run.
   *
   * @throws {AtcomError} `batch`, with the place and the line
   */
  async next(text: string): Promise<ReadyLine | undefined> {
    const line = this.#reader.next(text);
    if (line === undefined) return undefined;
    const [command, argument, ...rest] = line.words;
    if (command === 'atcom')
      throw this.#reader.error(line, 'atcom is not a command', 'write the line without it');
    if (command === 'to') {
      if (argument === undefined || rest.length > 0) {
        throw this.#reader.error(line, 'to needs one target', 'write to reception,lobby');
      }
      this.#target = argument;
      return undefined;
    }
    this.#last = line.number;
    if (line.number < this.#from) return undefined;
    if (command === 'sleep' && rest.length > 0) {
      throw this.#reader.error(line, 'sleep needs one time', 'give what follows a line of its own');
    }
    try {
      if (command === 'sleep')
        return { ...line, said: () => [], step: { kind: 'sleep', ms: parseDuration(argument ?? '') } };
      const written = this.#steps.read(line.words);
      const step = aimed(written, this.#target);
      await this.#check(step);
      const [value] = step === written ? [] : (step.options.to ?? []);
      const to: readonly Said[] = value === undefined ? [] : [{ kind: 'option', name: '--to', value }];
      return { ...line, step, said: () => [...this.#steps.said(line.words), ...to] };
    } catch (error) {
      throw this.#placed(line, error);
    }
  }

  #placed(line: BatchLine, error: unknown): AtcomError {
    const problem = wordsProblem(error, line.words);
    if (problem === undefined) throw error;
    const unconfirmed = isAtcomError(error) && error.code === 'not-confirmed';
    const hint = unconfirmed ? `add --yes to line ${line.number} if you mean it` : problem.hint;
    return this.#reader.error(line, problem.reason, hint, error);
  }
}

/**
 * Whoever guesses an option gives it what may be a password: of a line with an error, nothing is shown after the name of an
 * option that no command has.
 */
function upToUnknown(text: string, known: ReadonlySet<string>): string {
  for (const { index, 0: word } of text.matchAll(DASHED)) {
    const option = optionName(word);
    const isKnown = known.has(option) && /^(?:$|[='"\\])/.test(word.slice(option.length));
    if (isKnown || /^\p{Dash}+$/u.test(word)) continue;
    const end = index + option.length;
    const [sign = ''] = /^[\s=]/.exec(text.slice(end)) ?? [];
    return end === text.length ? text : `${text.slice(0, end)}${sign}…`;
  }
  return text;
}

/** What begins with a dash, also in quotes. */
const DASHED = /(?<=^|[\s"'\\])\p{Dash}\S*/gu;

/** Applies the target of `to` to a command that has none of its own. */
function aimed(step: CommandStep, target: string | undefined): CommandStep {
  const { to, all, targetsFile } = step.options;
  if (target === undefined || to !== undefined || all === true || targetsFile !== undefined) return step;
  const options = { ...step.options, to: [target] };
  return step.kind === 'expect' ? { ...step, options } : { ...step, options };
}
