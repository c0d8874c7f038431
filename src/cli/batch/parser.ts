import type { AtcomError } from '../../errors.ts';
import { type BatchLine, BatchReader } from '../../fleet/batch.ts';
import { parseDuration } from '../../protocol/duration.ts';
import type { CommandStep } from '../step.ts';
import { wordsProblem } from '../words-problem.ts';
import { StepReader } from './step-reader.ts';

/** What a line of a batch does. */
export type BatchStep = CommandStep | { readonly kind: 'sleep'; readonly ms: number };

/** A parsed line of a batch. */
export interface ReadyLine extends BatchLine {
  readonly step: BatchStep;
}

/** Turns the lines of a batch into steps: the words of the command line, and `to`, `sleep`. */
export class BatchParser {
  readonly #reader: BatchReader;
  readonly #steps = new StepReader('a batch');
  readonly #check: (step: CommandStep) => Promise<void>;
  #target: string | undefined;

  /** @param check - throws if a step is invalid, without running it */
  constructor(file: string, check: (step: CommandStep) => Promise<void>) {
    this.#reader = new BatchReader(file);
    this.#check = check;
  }

  /**
   * The step of the next line; undefined for a line without a command.
   *
   * @throws {AtcomError} `batch`, with the place and the line
   */
  async next(text: string): Promise<ReadyLine | undefined> {
    const line = this.#reader.next(text);
    if (line === undefined) return undefined;
    const [command, argument, ...rest] = line.words;
    if (command === 'to') {
      if (argument === undefined || rest.length > 0) {
        throw this.#reader.error(line, 'to wants one target', 'write to reception,lobby');
      }
      this.#target = argument;
      return undefined;
    }
    try {
      if (command === 'sleep') return { ...line, step: { kind: 'sleep', ms: parseDuration(argument ?? '') } };
      const step = aimed(this.#steps.read(line.words), this.#target);
      await this.#check(step);
      return { ...line, step };
    } catch (error) {
      throw this.#placed(line, error);
    }
  }

  #placed(line: BatchLine, error: unknown): AtcomError {
    const problem = wordsProblem(error, line.words);
    if (problem === undefined) throw error;
    return this.#reader.error(line, problem.reason, problem.hint);
  }
}

/** Applies the target of `to` to a command that has none of its own. */
function aimed(step: CommandStep, target: string | undefined): CommandStep {
  const { to, all, targetsFile } = step.options;
  if (target === undefined || to !== undefined || all === true || targetsFile !== undefined) return step;
  const options = { ...step.options, to: [target] };
  return step.kind === 'expect' ? { ...step, options } : { ...step, options };
}
