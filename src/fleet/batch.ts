import { AtcomError } from '../errors.ts';

/** One command of a batch file. */
export interface BatchLine {
  /** Counted from 1. */
  readonly number: number;
  /** As it is written. */
  readonly text: string;
  /** After quotes and `$names`. */
  readonly words: readonly string[];
}

/** A part of a line: blanks, '…', "…", \x, $name or ${name}, a quote that is not closed, or other letters. */
const PART =
  /(?<blank>\s+)|'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\.)*)"|\\(?<escaped>.)|\$(?:(?<name>\w+)|\{(?<braced>\w+)\})|(?<open>['"\\])|[^\s'"\\$]+|\$/g;

/** Reads the lines of a batch file one after the other; `set name value` is known from there on. */
export class BatchReader {
  readonly #file: string;
  readonly #names = new Map<string, string>();
  #number = 0;

  /** @param file - its name, for errors */
  constructor(file: string) {
    this.#file = file;
  }

  /**
   * The command of the next line; undefined for an empty line, a comment, and a `set`.
   *
   * @throws {AtcomError} `batch`, with file, line number and the line itself
   */
  next(text: string): BatchLine | undefined {
    this.#number += 1;
    const line = { number: this.#number, text: text.trim(), words: this.#split(text) };
    const [command, name, value, ...rest] = line.words;
    if (command !== 'set') return command === undefined ? undefined : line;
    if (name === undefined || value === undefined || rest.length > 0 || !/^[a-z_]\w*$/i.test(name)) {
      throw this.error(
        line,
        'set wants a name and a value',
        'write set name value, with quotes around blanks',
      );
    }
    this.#names.set(name, value);
    return undefined;
  }

  /** An error at a line of this file. */
  error(
    { number, text }: Pick<BatchLine, 'number' | 'text'>,
    reason: string,
    hint: string | undefined,
  ): AtcomError {
    return new AtcomError('batch', { file: this.#file, line: number, text, reason, hint });
  }

  /** Words as a POSIX shell makes them, without its operators: quotes, backslash, `#` at the start of a word, `$name`. */
  #split(text: string): string[] {
    const words: string[] = [];
    const line = { number: this.#number, text: text.trim() };
    let word: string | undefined;
    for (const { 0: part, groups = {} } of text.matchAll(PART)) {
      if (groups['blank'] !== undefined) {
        if (word !== undefined) words.push(word);
        word = undefined;
      } else if (word === undefined && part.startsWith('#')) return words;
      else word = (word ?? '') + this.#textOf(line, part, groups);
    }
    return word === undefined ? words : [...words, word];
  }

  #textOf(
    line: Pick<BatchLine, 'number' | 'text'>,
    part: string,
    groups: Readonly<Record<string, string>>,
  ): string {
    const { single, double, escaped, name, braced, open } = groups;
    if (open !== undefined)
      throw this.error(line, `a ${open} is not closed`, 'close it, or put it in quotes');
    if (double !== undefined) return this.#unquote(line, double);
    const variable = name ?? braced;
    return variable === undefined ? (single ?? escaped ?? part) : this.#value(line, variable);
  }

  /** Inside double quotes `$name` counts, and a backslash before `"`, `\` and `$`. */
  #unquote(line: Pick<BatchLine, 'number' | 'text'>, text: string): string {
    return text.replace(/\\(["\\$])|\$(?:(\w+)|\{(\w+)\})/g, (_, escaped, name, braced) =>
      escaped === undefined ? this.#value(line, name ?? braced) : escaped,
    );
  }

  #value(line: Pick<BatchLine, 'number' | 'text'>, name: string): string {
    const value = this.#names.get(name);
    if (value === undefined) throw this.error(line, `$${name} is not set`, `write set ${name} … before it`);
    return value;
  }
}
