import { setTimeout as sleep } from 'node:timers/promises';
import type { AtcomError } from '../../errors.ts';
import { type BatchLine, BatchReader } from '../../fleet/batch.ts';
import { parseDuration } from '../../protocol/duration.ts';
import type { Context, Step } from '../context.ts';
import type { Listening, ListenOptions } from '../listen/listening.ts';
import { CommandReader, type MakeProgram, wordsProblem } from './command-reader.ts';

/** A line of a batch that is ready to run. */
export interface ReadyLine extends BatchLine {
  readonly step: Step;
}

/** Turns the lines of a batch into steps: the words of the command line, and `to`, `sleep`. */
export class BatchParser {
  readonly #reader: BatchReader;
  readonly #commands: CommandReader;
  readonly #dryRun: boolean;
  #target: string | undefined;

  constructor(file: string, context: Context, makeProgram: MakeProgram, dryRun: boolean) {
    this.#reader = new BatchReader(file);
    this.#commands = new CommandReader(context, makeProgram, 'a batch');
    this.#dryRun = dryRun;
  }

  /**
   * The step of the next line; undefined for a line that is no command.
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
      const step =
        command === 'sleep' ? sleepStep(argument ?? '', this.#dryRun) : await this.#parse(line.words);
      await step.check();
      return { ...line, step };
    } catch (error) {
      throw this.#placed(line, error);
    }
  }

  async #parse(words: readonly string[]): Promise<Step> {
    const aimed = words.some((word) => /^(-t|-a|--to\b|--all$|--targets-file\b)/.test(word));
    const target = this.#target === undefined || aimed ? [] : ['--to', this.#target];
    const dry = this.#dryRun && words[0] !== 'expect' ? ['--dry-run'] : [];
    const step = await this.#commands.read([...words, ...target, ...dry]);
    // Nothing is sent in a dry run, so nothing can be reported.
    return this.#dryRun && words[0] === 'expect' ? { ...step, run: async () => {} } : step;
  }

  #placed(line: BatchLine, error: unknown): AtcomError {
    const problem = wordsProblem(error);
    if (problem === undefined) throw error;
    return this.#reader.error(line, problem.reason, problem.hint);
  }
}

function sleepStep(duration: string, dryRun: boolean): Step {
  const ms = parseDuration(duration);
  return {
    check: async () => {},
    run: ({ signal }) =>
      dryRun ? Promise.resolve() : sleep(ms, undefined, { signal }).catch(() => undefined),
  };
}

/** A context whose commands share one listener, so that no event between two lines is lost. */
export function sharingListener(context: Context): Context & { readonly closeListener: () => Promise<void> } {
  let shared: Promise<Listening> | undefined;
  const listen = async (options: ListenOptions = {}) => {
    shared ??= context.listen(options);
    const listening = await shared;
    for (const phone of options.phones ?? []) listening.phonebook.add(phone);
    return { ...listening, close: async () => {} };
  };
  return {
    ...context,
    output: context.output,
    debug: context.debug,
    listen,
    closeListener: async () => (await shared)?.close(),
  };
}
