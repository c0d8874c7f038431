import { CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { isAtcomError } from '../../errors.ts';
import type { Context, Step } from '../context.ts';

/** Makes the command line anew around another context. */
export type MakeProgram = (context: Context) => CommandUnknownOpts;

/** Commands that run by themselves, or only show something. */
const ALONE = new Set(
  'run test allow doctor listen sim phones discover keys events action-url models config help'.split(' '),
);

/** Reads the words of commands with the command line's own parser, and runs none of them. */
export class CommandReader {
  readonly #program: CommandUnknownOpts;
  readonly #where: string;
  #collected: Step | undefined;

  /** @param where - what the commands stand in, such as `a batch` */
  constructor(context: Context, makeProgram: MakeProgram, where: string) {
    this.#where = where;
    this.#program = makeProgram({
      ...context,
      // A copy of a context has no getters.
      output: context.output,
      debug: context.debug,
      // Every command, whichever one the words name.
      words: [],
      collect: (step) => {
        this.#collected = step;
      },
    });
  }

  /**
   * The step that words stand for.
   *
   * @throws {CommanderError} for words that are none
   * @throws {AtcomError} the codes of bad input
   */
  async read(words: readonly string[]): Promise<Step> {
    const [command = ''] = words;
    // The parser would write it at once.
    const help = words.length === 0 || words.some((word) => /^(-h|--help|-V|--version)$/.test(word));
    if (help) throw new CommanderError(2, 'atcom', 'it presses no key');
    if (ALONE.has(command))
      throw new CommanderError(2, 'atcom', `${command} is no command of ${this.#where}`);
    this.#collected = undefined;
    await this.#program.parseAsync(words, { from: 'user' });
    if (this.#collected === undefined) throw new CommanderError(2, 'atcom', 'it presses no key');
    return this.#collected;
  }
}

/** What is wrong with words, and what to do about it; undefined for any other error. */
export function wordsProblem(error: unknown): { reason: string; hint: string | undefined } | undefined {
  if (isAtcomError(error)) return { reason: error.message, hint: error.hint };
  if (!(error instanceof CommanderError)) return undefined;
  const [reason = '', hint] = error.message.replace(/^error: /, '').split('\n');
  return { reason, hint: hint?.replace(/^\((.*)\)$/, '$1') };
}
