import type { Argument, CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { argumentAt, type CommandLine, optionsOf, readWords } from '../words.ts';

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
 * Finds the position of the cursor.
 *
 * @param words - the words after `atcom`; the last is the one at the cursor
 */
export function findPosition(program: CommandUnknownOpts, words: readonly string[]): Position {
  const word = words.at(-1) ?? '';
  const read = readWords(program, words.slice(0, -1));
  const { command, options, open, said } = read;
  const place = { command, options, given: givenIn(read) };
  if (open !== undefined) return { ...place, typed: word, before: '', option: open };
  const [, name = '', value = ''] = (options && /^(--[^=]+)=(.*)$/s.exec(word)) || [];
  const option = optionsOf(command).find(({ long }) => name === long);
  if (option !== undefined) return { ...place, typed: value, before: `${name}=`, option };
  const argument = argumentAt(command, said.filter(({ kind }) => kind === 'argument').length);
  return { ...place, typed: word, before: '', ...(argument === undefined ? {} : { argument }) };
}

/** The values of options; repeatable options accumulate. */
function givenIn({ said }: CommandLine): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const one of said) {
    if (one.kind !== 'option') continue;
    const [before, value = ''] = [given.get(one.name), one.value];
    given.set(one.name, before === undefined ? value : `${before},${value}`);
  }
  return given;
}
