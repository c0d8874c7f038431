import type { Argument, CommandUnknownOpts, Option } from '@commander-js/extra-typings';

/** One thing that the words of a command line say. */
export type Said =
  | { readonly kind: 'command'; readonly word: string }
  /** Its name is that of the help, such as `target`. */
  | { readonly kind: 'argument'; readonly name: string | undefined; readonly word: string }
  | { readonly kind: 'option'; readonly name: string; readonly value?: string };

/** The words of a command line, read like its own parser reads them. */
export interface CommandLine {
  /** The command that the words name. */
  readonly command: CommandUnknownOpts;
  readonly said: readonly Said[];
  /** The option whose value the next word would be. */
  readonly open: Option | undefined;
  /** Whether options may follow: not after `--`. */
  readonly options: boolean;
}

/** Reads words: options by their long names, with joined short ones (`-qt reception`) apart. */
export function readWords(program: CommandUnknownOpts, words: readonly string[]): CommandLine {
  const reader = new Reader(program);
  for (const word of words) reader.read(word);
  return reader.end();
}

class Reader implements CommandLine {
  command: CommandUnknownOpts;
  readonly said: Said[] = [];
  open: Option | undefined;
  options = true;
  /** How many arguments have been read. */
  #taken = 0;

  constructor(program: CommandUnknownOpts) {
    this.command = program;
  }

  read(word: string): void {
    if (this.open?.optional === true && /^-./.test(word)) this.#give(this.open, undefined);
    if (this.open !== undefined) this.#give(this.open, word);
    else if (this.options && word === '--') this.options = false;
    else if (this.options && /^-./.test(word)) this.#readOption(word);
    else this.#readArgument(word);
  }

  /** An option whose value may be missing counts, too. */
  end(): this {
    if (this.open?.optional === true) this.said.push({ kind: 'option', name: longName(this.open) });
    return this;
  }

  #readOption(word: string): void {
    const [name = '', value] = word.split(/=(.*)/s);
    const option = this.#find(word) ?? this.#find(name);
    if (option === undefined) this.#readJoined(word);
    else if ((option.required || option.optional) && value === undefined) this.open = option;
    else this.#give(option, value);
  }

  /** `-qt reception`, `-treception` */
  #readJoined(word: string): void {
    const option = /^-[^-]./s.test(word) ? this.#find(word.slice(0, 2)) : undefined;
    if (option === undefined) return;
    const rest = word.slice(2);
    this.#give(option, option.required ? rest : undefined);
    if (!option.required) this.#readOption(`-${rest}`);
  }

  #readArgument(word: string): void {
    const child = this.command.commands.find((each) => each.name() === word);
    if (child === undefined || this.#taken > 0) {
      this.said.push({ kind: 'argument', name: argumentAt(this.command, this.#taken)?.name(), word });
      this.#taken += 1;
      return;
    }
    this.said.push({ kind: 'command', word });
    this.command = child;
  }

  #give(option: Option, value: string | undefined): void {
    this.said.push({ kind: 'option', name: longName(option), ...(value === undefined ? {} : { value }) });
    this.open = undefined;
  }

  #find(name: string): Option | undefined {
    return optionsOf(this.command).find(({ long, short }) => name === long || name === short);
  }
}

/** The options of a command and of its parents, which are accepted anywhere. */
export function optionsOf(command: CommandUnknownOpts): readonly Option[] {
  return command.parent === null ? command.options : [...command.options, ...optionsOf(command.parent)];
}

/** The argument of a command at a place; the last may take several words. */
export function argumentAt({ registeredArguments }: CommandUnknownOpts, index: number): Argument | undefined {
  const last = registeredArguments.at(-1);
  return registeredArguments[index] ?? (last?.variadic === true ? last : undefined);
}

export function longName({ long, short }: Option): string {
  return long ?? short ?? '';
}

/** The words that say this; arguments that look like options come last, after `--`. */
export function wordsOf(said: readonly Said[]): readonly string[] {
  const found = said.findIndex((one) => one.kind !== 'option' && one.word.startsWith('-'));
  const before = found < 0 ? said : said.slice(0, found);
  const after = found < 0 ? [] : said.slice(found);
  const options = [...before, ...after.filter(({ kind }) => kind === 'option')];
  const dashed = after.flatMap((one) => (one.kind === 'option' ? [] : [one.word]));
  return [...options.flatMap(textOf), ...(dashed.length === 0 ? [] : ['--', ...dashed])];
}

function textOf(one: Said): readonly string[] {
  if (one.kind !== 'option') return [one.word];
  return one.value === undefined ? [one.name] : [one.name, one.value];
}
