import type { Argument, CommandUnknownOpts, Option } from '@commander-js/extra-typings';

/** Where the cursor stands among the words of a command line. */
export interface Position {
  readonly command: CommandUnknownOpts;
  /** The part of the value typed so far, without `--option=`. */
  readonly typed: string;
  /** The text before it in the same word, such as `--to=`. */
  readonly before: string;
  /** Set when the value of an option is being completed. */
  readonly option?: Option;
  /** Set when an argument is being completed. */
  readonly argument?: Argument;
  /** Whether options may follow: not after `--`. */
  readonly options: boolean;
  /** The option values so far, by long name. */
  readonly given: ReadonlyMap<string, string>;
}

/**
 * Finds the position of the cursor by reading the words like the command line's own parser.
 *
 * @param words - the words after `atcom`; the last is the one at the cursor
 */
export function findPosition(program: CommandUnknownOpts, words: readonly string[]): Position {
  const reading = new Reading(program);
  for (const word of words.slice(0, -1)) reading.read(word);
  return reading.position(words.at(-1) ?? '');
}

/** The parser's state before the cursor. */
class Reading {
  #command: CommandUnknownOpts;
  readonly #given = new Map<string, string>();
  #options = true;
  /** How many arguments have been read. */
  #taken = 0;
  /** The option whose value is the next word. */
  #open: Option | undefined;

  constructor(program: CommandUnknownOpts) {
    this.#command = program;
  }

  read(word: string): void {
    if (this.#open !== undefined) this.#give(this.#open, word);
    else if (this.#options && word === '--') this.#options = false;
    else if (this.#options && /^-./.test(word)) this.#readOption(word);
    else this.#readArgument(word);
  }

  position(word: string): Position {
    const place = { command: this.#command, options: this.#options, given: this.#given };
    if (this.#open !== undefined) return { ...place, typed: word, before: '', option: this.#open };
    const [, name = '', value = ''] = (this.#options && /^(--[^=]+)=(.*)$/s.exec(word)) || [];
    const option = this.#find(name);
    if (option !== undefined) return { ...place, typed: value, before: `${name}=`, option };
    const argument = argumentAt(this.#command, this.#taken);
    return { ...place, typed: word, before: '', ...(argument === undefined ? {} : { argument }) };
  }

  #readOption(word: string): void {
    const [name = '', value] = word.split(/=(.*)/s);
    const option = this.#find(name);
    if (option === undefined) return;
    if (option.required && value === undefined) this.#open = option;
    else this.#give(option, value ?? '');
  }

  #readArgument(word: string): void {
    const child = this.#command.commands.find((each) => each.name() === word);
    if (child === undefined || this.#taken > 0) this.#taken += 1;
    else this.#command = child;
  }

  /** Repeatable options accumulate. */
  #give(option: Option, value: string): void {
    const before = this.#given.get(longName(option));
    this.#given.set(longName(option), before === undefined ? value : `${before},${value}`);
    this.#open = undefined;
  }

  #find(name: string): Option | undefined {
    return optionsOf(this.#command).find(({ long, short }) => name === long || name === short);
  }
}

/** The options of a command and of its parents, which are accepted anywhere. */
export function optionsOf(command: CommandUnknownOpts): readonly Option[] {
  const above = command.parent === null ? [] : optionsOf(command.parent);
  return [...command.options, ...above].filter(({ hidden }) => !hidden);
}

export function longName({ long, short }: Option): string {
  return long ?? short ?? '';
}

function argumentAt(command: CommandUnknownOpts, index: number): Argument | undefined {
  const { registeredArguments } = command;
  const last = registeredArguments.at(-1);
  return registeredArguments[index] ?? (last?.variadic === true ? last : undefined);
}
