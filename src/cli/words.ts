import type { Argument, CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { append } from '../append.ts';

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

/**
 * Reads words: options by their long names, with joined short ones (`-qt reception`) apart. A command takes its own
 * options out of all words, and leaves the rest to the command that the first of them names.
 */
export function readWords(command: CommandUnknownOpts, words: readonly string[]): CommandLine {
  const own = new OwnOptions(command.options);
  own.readAll(words);
  const [name, ...more] = own.rest;
  const child = command.commands.find((each) => each.name() === name);
  if (name !== undefined && child !== undefined) {
    const below = readWords(child, more);
    const said = [{ kind: 'command', word: name } as const, ...below.said, ...own.said];
    return { ...below, said, open: own.open ?? below.open };
  }
  const end = own.rest.indexOf('--');
  const [before, after] = end < 0 ? [own.rest, []] : [own.rest.slice(0, end), own.rest.slice(end + 1)];
  // What looks like an option before `--` is one that there is not.
  const args = [...before.filter((word) => !isOption(word)), ...after].map((word, index): Said => {
    return { kind: 'argument', name: argumentAt(command, index)?.name(), word };
  });
  return { command, said: [...args, ...own.said], open: own.open, options: end < 0 };
}

/** Takes the options of one command out of words. */
class OwnOptions {
  readonly said: Said[] = [];
  /** The other words, from `--` on all of them. */
  readonly rest: string[] = [];
  open: Option | undefined;
  readonly #options: readonly Option[];

  constructor(options: readonly Option[]) {
    this.#options = options;
  }

  readAll(words: readonly string[]): void {
    for (const [index, word] of words.entries()) {
      if (word === '--' && this.open?.required !== true) {
        append(this.rest, words.slice(index));
        break;
      }
      this.#read(word);
    }
    // An option whose value may be missing counts, too.
    if (this.open?.optional === true) this.#say(this.open);
  }

  #read(word: string): void {
    const { open } = this;
    this.open = undefined;
    if (open !== undefined) {
      const missing = open.optional && isOption(word);
      this.#say(open, missing ? undefined : word);
      if (!missing) return;
    }
    const [, name = word, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
    const option = this.#find(name);
    if (option === undefined) this.#readJoined(word);
    else if (value === undefined && takesValue(option)) this.open = option;
    else this.#say(option, value);
  }

  /** `-qt reception`, `-treception` */
  #readJoined(word: string): void {
    const option = /^-[^-]./s.test(word) ? this.#find(word.slice(0, 2)) : undefined;
    if (option === undefined) {
      this.rest.push(word);
      return;
    }
    const more = word.slice(2);
    this.#say(option, takesValue(option) ? more : undefined);
    if (!takesValue(option)) this.#read(`-${more}`);
  }

  #say(option: Option, value?: string): void {
    this.said.push({ kind: 'option', name: longName(option), ...(value === undefined ? {} : { value }) });
  }

  #find(name: string): Option | undefined {
    return this.#options.find(({ long, short }) => name === long || name === short);
  }
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}

/** Looks like an option; a negative number is an argument. */
function isOption(word: string): boolean {
  return /^-./.test(word) && !/^-(\d+|\d*\.\d+)(e[+-]?\d+)?$/.test(word);
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

/** What decides which config, and so which phones, names mean. */
export function configSaid(said: readonly Said[]): readonly Said[] {
  return said.filter((one) => one.kind === 'option' && ['--config', '--profile'].includes(one.name));
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
  if (one.value === undefined) return [one.name];
  return one.value.startsWith('-') ? [`${one.name}=${one.value}`] : [one.name, one.value];
}
