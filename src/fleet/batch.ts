import { lineWithoutPasswords } from '../errors/passwords.ts';
import { AtcomError, isAtcomError } from '../errors.ts';
import { lineMistake } from '../protocol/mistakes.ts';
import { splitShellWords } from '../shell.ts';

/** One command of a batch file. */
export interface BatchLine {
  /** Counted from 1. */
  readonly number: number;
  /** As written in the file. */
  readonly text: string;
  /** After unquoting and replacing `$names`. */
  readonly words: readonly string[];
}

/** The maximum length of a value, in characters: `set a $b$b` doubles it with every line. */
const LONGEST_VALUE = 4096;

/** The maximum length of a line with its values, in characters. */
const LONGEST_LINE = 65_536;

/** Reads the lines of a batch file in order. `set name value` applies to the lines after it. */
export class BatchReader {
  readonly #file: string;
  readonly #from: number;
  readonly #shown: (text: string) => string;
  readonly #names = new Map<string, string>();
  #number = 0;
  #inserted = 0;

  /**
   * @param file - its name, for errors
   * @param from - the first line to run; a command before it need not be well written
   * @param shown - what is shown of a line with an error
   */
  constructor(file: string, from = 1, shown = (text: string) => text) {
    this.#file = file;
    this.#from = from;
    this.#shown = shown;
  }

  /** How many characters values have put into the lines so far. */
  get inserted(): number {
    return this.#inserted;
  }

  /**
   * Reads the next line, up to its `\n`; undefined for an empty line, a comment, and a `set`.
   *
   * @throws {AtcomError} `batch`, with file, line number and the line itself
   */
  next(text: string): BatchLine | undefined {
    this.#number += 1;
    const mistake = lineMistake(text);
    if (mistake !== undefined) throw this.error({ number: this.#number, text }, mistake.reason, mistake.hint);
    const line = { number: this.#number, text: text.trim(), words: this.#split(text) };
    const [command, name, value, ...rest] = line.words;
    if (command !== 'set') return command === undefined ? undefined : line;
    if (name === undefined || value === undefined || rest.length > 0 || !/^[a-z_]\w*$/i.test(name)) {
      throw this.error(
        line,
        'set needs a name and a value',
        'write set name value, with quotes around blanks',
      );
    }
    if (value.length > LONGEST_VALUE) {
      const reason = `the value of ${name} has ${value.length} characters, more than ${LONGEST_VALUE}`;
      throw this.error(line, reason, 'set a shorter one');
    }
    this.#names.set(name, value);
    return undefined;
  }

  /** The words of a line that cannot be read, as far as they can be told; an unknown value is a NUL, as in no path. */
  meant(text: string): readonly string[] {
    let length = text.length;
    const valueIn = (name: string) => {
      const value = this.#names.get(name) ?? '\0';
      length += value.length;
      return length > LONGEST_LINE ? '\0' : value;
    };
    return splitShellWords(text.replace(/['"\\]/g, ''), valueIn);
  }

  /** An error in a line of this file. */
  error(
    { number, text }: Pick<BatchLine, 'number' | 'text'>,
    reason: string,
    hint: string | undefined,
    cause?: unknown,
  ): AtcomError {
    // A message of several lines, such as that of a wrong config, is part of one here.
    const inLine = reason.replaceAll('\n', '; ');
    const shown = this.#shown(lineWithoutPasswords(text));
    const details = { file: this.#file, line: number, text: shown, reason: inLine, hint };
    return new AtcomError('batch', details, { cause });
  }

  #split(text: string): readonly string[] {
    const line = { number: this.#number, text: text.trim() };
    let length = text.length;
    const valueIn = (name: string) => {
      const value = this.#value(line, name);
      length += value.length;
      this.#inserted += value.length;
      // Counted before it is put together.
      if (length > LONGEST_LINE)
        throw this.error(
          line,
          `its values make it longer than ${LONGEST_LINE} characters`,
          'use fewer of them',
        );
      return value;
    };
    try {
      return splitShellWords(text, valueIn);
    } catch (error) {
      if (this.#number < this.#from && !/^\s*(set|to)\s/.test(text)) return [text.trim()];
      if (!isAtcomError(error) || error.code !== 'usage') throw error;
      throw this.error(line, error.message, error.hint);
    }
  }

  #value(line: Pick<BatchLine, 'number' | 'text'>, name: string): string {
    const value = this.#names.get(name);
    if (value === undefined) throw this.error(line, `$${name} is not set`, `write set ${name} … before it`);
    return value;
  }
}
