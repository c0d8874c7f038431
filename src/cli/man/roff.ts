/*
 * The few requests of man(7) that the pages need. groff's man and mandoc read them alike.
 */

/** Text as roff takes it: no escapes of its own, and no line that would be a request. */
export function plain(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replace(/^(['.])/gm, '\\&$1')
    .replaceAll('--', '\\-\\-');
}

/** An argument of a request, in quotes. */
function quoted(text: string): string {
  return `"${plain(text).replaceAll('"', '\\(dq')}"`;
}

export function title(name: string, section: number, date: string, source: string): string {
  return `.TH ${quoted(name.toUpperCase())} ${section} ${quoted(date)} ${quoted(source)}`;
}

export function heading(text: string, lines: string): string {
  return lines === '' ? '' : `.SH ${quoted(text.toUpperCase())}\n${first(lines)}`;
}

export function subheading(text: string, lines: string): string {
  return `.SS ${quoted(text)}\n${first(lines)}`;
}

/** A heading begins a paragraph already. */
function first(lines: string): string {
  return lines.replace(/^\.PP\n/, '');
}

/** A term in bold, and what it means beside or below it. */
export function tagged(term: string, text: string): string {
  return `.TP\n.B ${quoted(term)}\n${plain(text) || '\\&'}`;
}

/** Lines as they are written. */
export function verbatim(lines: readonly string[]): string {
  return `.PP\n.EX\n${lines.map(plain).join('\n')}\n.EE`;
}

export function paragraph(text: string): string {
  return `.PP\n${plain(text)}`;
}

/**
 * A text of the help, which is written for a terminal: two blanks between a word and what it means make a list, an
 * indented line is an example, and the rest flows.
 */
export function fromHelp(text: string): string {
  const blocks: { kind: string; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const kind = kindOf(line, blocks.at(-1)?.kind);
    const last = blocks.at(-1);
    if (last?.kind === kind && kind !== 'list') last.lines.push(line);
    else blocks.push({ kind, lines: [line] });
  }
  return blocks.flatMap(({ kind, lines }) => render(kind, lines) ?? []).join('\n');
}

const LISTED = /^\s*(\S.*?) {2,}([^#\s].*)$/;

function kindOf(line: string, before: string | undefined): string {
  if (line.trim() === '') return 'empty';
  if (LISTED.test(line) && before !== 'example') return 'list';
  return /^\s/.test(line) ? 'example' : 'text';
}

function render(kind: string, lines: readonly string[]): string | undefined {
  if (kind === 'empty') return undefined;
  if (kind === 'example') return verbatim(lines);
  if (kind === 'text') return paragraph(lines.join('\n'));
  const [, term = '', meaning = ''] = LISTED.exec(lines[0] ?? '') ?? [];
  return tagged(term, meaning);
}
