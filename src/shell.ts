import { AtcomError } from './errors.ts';

/** A part of a line: blanks, '…', "…", \x, $name or ${name}, an unclosed quote, or other characters. */
const PART =
  /(?<blank>\s+)|'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\.)*)"|\\(?<escaped>.)|\$(?:(?<name>\w+)|\{(?<braced>\w+)\})|(?<open>['"\\])|[^\s'"\\$]+|\$/g;

/**
 * Splits a line into words like a POSIX shell, without its operators: quotes, backslash, `#` at the start of a word,
 * `$name`.
 *
 * @param named - returns the value of a name; throws if it has none
 * @throws {AtcomError} `usage` for an unclosed quote
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
 * Replaces `$name` and `${name}` in a text that is not a command line.
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
  // Inside double quotes, `$name` and a backslash before `"`, `\` and `$` keep their meaning.
  if (double !== undefined) {
    return double.replace(/\\(["\\$])|\$(?:(\w+)|\{(\w+)\})/g, (_, plain, inner, bracedInner) =>
      plain === undefined ? named(inner ?? bracedInner) : plain,
    );
  }
  const variable = name ?? braced;
  return variable === undefined ? (single ?? escaped ?? part) : named(variable);
}

/** Quotes a word for a POSIX shell, if it needs quotes. */
export function quoteShellWord(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
