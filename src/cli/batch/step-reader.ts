import { CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { closest } from '../../protocol/suggest.ts';
import { givenOnce } from '../given-once.ts';
import type { CommandStep } from '../step.ts';
import { STEP_COMMANDS } from '../steps.ts';
import { readWords, type Said } from '../words.ts';
import { shownOption, withHint } from '../words-hint.ts';

/**
 * Parses the commands in a file with the parsers of the command line. Only commands that are pure data are created
 * here, so reading a file cannot cause any side effect.
 */
export class StepReader {
  readonly #where: string;
  readonly #remedy: string | undefined;
  readonly #commands = new Map<string, CommandUnknownOpts>();
  #step: CommandStep | undefined;

  /**
   * @param where - where the commands are, such as `a scenario`
   * @param remedy - what to write where no command is meant
   */
  constructor(where: string, remedy?: string) {
    this.#where = where;
    this.#remedy = remedy;
  }

  /**
   * The step that words stand for.
   *
   * @throws {CommanderError} for words that are not a command
   * @throws {AtcomError} the codes of bad input
   */
  read([name = '', ...words]: readonly string[]): CommandStep {
    // Otherwise the parser would print the help immediately.
    const help = [name, ...words].some((word) => /^(-h|--help|-V|--version)$/.test(word));
    if (help || name === '') throw new Refusal('it presses no key');
    const command = this.#command(name);
    this.#step = undefined;
    try {
      command.parse(words, { from: 'user' });
    } catch (error) {
      throw withHint(error, command);
    }
    if (this.#step === undefined) throw new Refusal('it presses no key');
    return this.#step;
  }

  /** What the words of a step say. */
  said([name = '', ...words]: readonly string[]): readonly Said[] {
    return [{ kind: 'command', word: name }, ...readWords(this.#command(name), words).said];
  }

  /** The options of all commands: `-t`, `--to`. */
  get flags(): ReadonlySet<string> {
    const options = Object.keys(STEP_COMMANDS).flatMap((name) => this.#command(name).options);
    return new Set(options.flatMap(({ short, long }) => [short ?? [], long ?? []].flat()));
  }

  #command(name: string): CommandUnknownOpts {
    const known = this.#commands.get(name);
    if (known !== undefined) return known;
    const make = Object.hasOwn(STEP_COMMANDS, name) ? STEP_COMMANDS[name] : undefined;
    if (make === undefined) {
      const [suggestion] = closest(name, Object.keys(STEP_COMMANDS));
      const hint = suggestion === undefined ? this.#remedy : `did you mean ${suggestion}?`;
      const what = name.startsWith('-')
        ? `unknown option '${shownOption(name)}'`
        : `${name} is not a command of ${this.#where}`;
      throw new Refusal(`${what}${hint === undefined ? '' : `\n(${hint})`}`);
    }
    const command = make((step) => {
      this.#step = step;
    });
    givenOnce(command);
    command.exitOverride().configureOutput({ outputError: () => undefined });
    this.#commands.set(name, command);
    return command;
  }
}

class Refusal extends CommanderError {
  constructor(message: string) {
    super(2, 'atcom', message);
  }
}
