/** What is wrong with a text, and what to write instead. */
export interface Mistake {
  readonly reason: string;
  readonly hint: string;
}

/**
 * What is wrong with the encoding of a text that was read as UTF-8; undefined if nothing is. Windows PowerShell's `>`
 * writes UTF-16.
 */
export function encodingMistake(text: string): string | undefined {
  const zeros = text.match(/\0/g)?.length ?? 0;
  // Every other byte of plain text in UTF-16 is zero.
  if (/^\uFFFD\uFFFD/.test(text) || zeros * 3 > text.length)
    return "it is UTF-16, as PowerShell's > writes it; save it as UTF-8";
  return zeros > 0 ? 'it contains a NUL character, so it is not a text file' : undefined;
}

/**
 * What is wrong with the end of a line that was read up to its `\n`; undefined if nothing is. Old Macs ended lines with a
 * `\r` alone, elsewhere it is a blank: what follows may be a command or the rest of a comment.
 */
export function lineMistake(line: string): Mistake | undefined {
  if (!line.trimEnd().includes('\r')) return undefined;
  return {
    reason: 'there is a carriage return (\\r) within the line',
    hint: 'end each line with \\n or \\r\\n',
  };
}

/**
 * What a word processor makes of an option's two dashes. A single U+2010 or U+2011 hyphen stands for one dash. Made only
 * where it is needed, because V8 then reads Unicode's tables.
 */
export const longDash = () => /^(?:(?![-\u2010\u2011])\p{Dash})+-*/u;

/** ASCII without quotes. */
const PLAIN = /^[ !#-&(-_a-~]*$/;

/**
 * Typographic characters or quotes in a word that can only be a name, an address or an option; undefined if there are
 * none. Quotes that reach a program were not removed by the shell: cmd.exe keeps `'`.
 */
export function pastedMistake(word: string): Mistake | undefined {
  if (PLAIN.test(word)) return undefined;
  const [mark] = /[`\u00B4\p{QMark}]|(?!-)\p{Dash}/u.exec(word) ?? [];
  if (mark === undefined) return undefined;
  const plain = word
    .replace(/[`\u00B4\p{QMark}]/gu, '')
    .replace(longDash(), '--')
    .replace(/\p{Dash}/gu, '-');
  const reason = /["'`]/.test(mark)
    ? `the quote ${mark} is part of it`
    : `${mark} is not a plain quote or dash`;
  return { reason, hint: plain === '' ? 'write it without quotes' : `write ${plain}` };
}

/** Range notations of other tools: Ansible's `[01:03]`, a shell's `{01..03}` and `{01,03}`, `(01-03)`. */
const FOREIGN_RANGE = /\[(\d+)(?::|\.\.)(\d+)\]|\{(\d+)(?:\.\.|-)(\d+)\}|\{([\d,]+)\}|\((\d+)-(\d+)\)/;

/** What is wrong with a word that should name phones or addresses; undefined if nothing is. */
export function targetMistake(word: string): Mistake | undefined {
  const range = FOREIGN_RANGE.exec(word);
  if (range !== null) {
    const [whole, ...ends] = range;
    const written = `[${ends.filter((end) => end !== undefined).join('-')}]`;
    return { reason: `${whole} is not a range here`, hint: `write ${word.replace(whole, written)}` };
  }
  const [zone] = /%[^\]]*/.exec(/:.*:/.test(word) ? word : '') ?? [];
  if (zone !== undefined) {
    return {
      reason: `an address with a zone (${zone}) cannot be used`,
      hint: 'use an address that works without a zone, or a host name',
    };
  }
  return pastedMistake(word);
}
