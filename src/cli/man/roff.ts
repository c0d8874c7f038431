/*
 * The few macros of man(7) that the pages need. groff and mandoc render them alike.
 */

/** Escapes text for roff: no escape sequences, and no line that looks like a request. */
export function plain(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replace(/^(['.])/gm, '\\&$1')
    .replaceAll('--', '\\-\\-');
}

/** A quoted argument of a macro. */
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

/** A heading already starts a paragraph. */
function first(lines: string): string {
  return lines.replace(/^\.PP\n/, '');
}

/** A term in bold with its description. */
export function tagged(term: string, text: string): string {
  return `.TP\n.B ${quoted(term)}\n${plain(text) || '\\&'}`;
}

/** Preformatted lines. */
export function verbatim(lines: readonly string[]): string {
  return `.PP\n.EX\n${lines.map(plain).join('\n')}\n.EE`;
}

export function paragraph(text: string): string {
  return `.PP\n${plain(text)}`;
}

/**
 * Converts a help text written for a terminal: two spaces between a word and its meaning make a list, an indented line
 * is an example, and everything else flows.
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
