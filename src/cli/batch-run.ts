import { setTimeout as sleep } from 'node:timers/promises';
import { CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { type AtcomError, isAtcomError } from '../errors.ts';
import { type BatchLine, BatchReader } from '../fleet/batch.ts';
import { parseDuration } from '../protocol/duration.ts';
import type { Context, Step } from './context.ts';
import type { Listening, ListenOptions } from './listening.ts';

/** A line of a batch that is ready to run. */
export interface ReadyLine extends BatchLine {
  readonly step: Step;
}

/** Makes the command line anew around another context. */
export type MakeProgram = (context: Context) => CommandUnknownOpts;

/** Commands that run by themselves, or only show something. */
const ALONE = new Set(
  'run allow doctor listen sim phones discover keys events action-url models config help'.split(' '),
);

/** Turns the lines of a batch into steps: the words of the command line, and `to`, `sleep`. */
export class BatchParser {
  readonly #reader: BatchReader;
  readonly #program: CommandUnknownOpts;
  readonly #dryRun: boolean;
  #collected: Step | undefined;
  #target: string | undefined;

  constructor(file: string, context: Context, makeProgram: MakeProgram, dryRun: boolean) {
    this.#reader = new BatchReader(file);
    this.#dryRun = dryRun;
    this.#program = makeProgram({
      ...context,
      // A copy of a context has no getters.
      output: context.output,
      debug: context.debug,
      // Every command, whichever one a line names.
      words: [],
      collect: (step) => {
        this.#collected = step;
      },
    });
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
    if (ALONE.has(words[0] ?? ''))
      throw new CommanderError(2, 'batch', `${words[0]} is no command of a batch`);
    this.#collected = undefined;
    const aimed = words.some((word) => /^(-t|-a|--to\b|--all$|--targets-file\b)/.test(word));
    const target = this.#target === undefined || aimed ? [] : ['--to', this.#target];
    const dry = this.#dryRun && words[0] !== 'expect' ? ['--dry-run'] : [];
    await this.#program.parseAsync([...words, ...target, ...dry], { from: 'user' });
    const step = this.#taken();
    // Nothing is sent in a dry run, so nothing can be reported.
    return this.#dryRun && words[0] === 'expect' ? { ...step, run: async () => {} } : step;
  }

  #taken(): Step {
    if (this.#collected === undefined) throw new CommanderError(2, 'batch', 'it presses no key');
    return this.#collected;
  }

  #placed(line: BatchLine, error: unknown): AtcomError {
    if (isAtcomError(error)) return this.#reader.error(line, error.message, error.hint);
    if (!(error instanceof CommanderError)) throw error;
    const [reason = '', hint] = error.message.replace(/^error: /, '').split('\n');
    return this.#reader.error(line, reason, hint?.replace(/^\((.*)\)$/, '$1'));
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
