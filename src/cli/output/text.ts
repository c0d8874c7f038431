/** Aligns rows in columns, two spaces apart. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** `1 phone`, `2 phones`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** The length of the longest text. */
export function widest(texts: Iterable<string>): number {
  let width = 0;
  for (const { length } of texts) width = Math.max(width, length);
  return width;
}

/** A text in lines of at most a width, broken at its blanks. A word that is longer stays whole, so that it can be copied. */
export function wrapped(text: string, width: number): readonly [string, ...string[]] {
  const [first = '', ...words] = text.split(' ');
  let line = first;
  const lines: string[] = [];
  for (const word of words) {
    if (line.length + 1 + word.length <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  const [top = line, ...others] = [...lines, line];
  return [top, ...others];
}
