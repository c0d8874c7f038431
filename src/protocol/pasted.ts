/**
 * What is wrong with the encoding of a text that was read as UTF-8; undefined when nothing is. Where `>` of Windows
 * PowerShell wrote it, it is UTF-16.
 */
export function encodingMistake(text: string): string | undefined {
  return /^\uFFFD\uFFFD|\0/.test(text)
    ? "it is UTF-16, as PowerShell's > writes it; save it as UTF-8"
    : undefined;
}

/**
 * What a word processor, a chat or a shell left in a word where only a name, an address or an option can stand;
 * undefined when nothing is. Quotes that reach a program were not taken away by the shell: cmd.exe keeps `'`.
 */
export function pastedMistake(word: string): string | undefined {
  const [mark] = /["'`´“”„‟«»‘’‚‹›]|[‐-―−]/u.exec(word) ?? [];
  if (mark === undefined) return undefined;
  const plain = word
    .replace(/["'`´“”„‟«»‘’‚‹›]/gu, '')
    .replace(/^[‒-―−]/u, '--')
    .replace(/[‐-―−]/gu, '-');
  const better = plain.replace(/^--+/, '--');
  const what = /["'`]/.test(mark) ? `the quote ${mark} is part of it` : `${mark} is no plain quote or dash`;
  return better === '' ? what : `${what}; write ${better}`;
}
