import { AtcomError } from './errors.ts';

/** A part of a line: blanks, '…', "…", \x, $name or ${name}, a quote that is not closed, or other letters. */
const PART =
  /(?<blank>\s+)|'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\.)*)"|\\(?<escaped>.)|\$(?:(?<name>\w+)|\{(?<braced>\w+)\})|(?<open>['"\\])|[^\s'"\\$]+|\$/g;

/**
 * Words as a POSIX shell makes them, without its operators: quotes, backslash, `#` at the start of a word, `$name`.
 *
 * @param named - what a name stands for; throws where it stands for nothing
 * @throws {AtcomError} `usage` for a quote that is not closed
 */
export function splitShellWords(text: string, named: (name: string) => string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (const { 0: part, groups = {} } of text.matchAll(PART)) {
    if (groups['blank'] !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (word === undefined && part.startsWith('#')) return words;
    else word = (word ?? '') + textOf(part, groups, named);
  }
  return word === undefined ? words : [...words, word];
}

/**
 * Replaces `$name` and `${name}` in a text that is no command line.
 *
 * @param named - as for {@link splitShellWords}
 */
export function replaceNames(text: string, named: (name: string) => string): string {
  return text.replace(/\$(?:(\w+)|\{(\w+)\})/g, (_, name, braced) => named(name ?? braced));
}

function textOf(
  part: string,
  { single, double, escaped, name, braced, open }: Readonly<Record<string, string>>,
  named: (name: string) => string,
): string {
  if (open !== undefined) {
    throw new AtcomError('usage', {
      reason: `a ${open} is not closed`,
      hint: 'close it, or put it in quotes',
    });
  }
  // Inside double quotes `$name` counts, and a backslash before `"`, `\` and `$`.
  if (double !== undefined) {
    return double.replace(/\\(["\\$])|\$(?:(\w+)|\{(\w+)\})/g, (_, plain, inner, bracedInner) =>
      plain === undefined ? named(inner ?? bracedInner) : plain,
    );
  }
  const variable = name ?? braced;
  return variable === undefined ? (single ?? escaped ?? part) : named(variable);
}

/** A word as a POSIX shell reads it back: as it is where no letter of it means anything there, else in quotes. */
export function quoteShellWord(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
