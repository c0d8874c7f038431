/** A text as one line: what a file calls something begins no lines of its own in a message. */
export function oneLine(text: string): string {
  return text.replaceAll('\r', '\\r').replaceAll('\n', '\\n');
}

/** The details that a message repeats without quotes, and that are texts of one line, or lists of them. */
const REPEATED = ['file', 'reason', 'hint', 'trust', 'problems', 'absence', 'empty'];

/** Details of an error, for its message. */
export function inOneLine<T extends object>(details: T): T {
  const entries = Object.entries(details).map(([name, value]) => [
    name,
    REPEATED.includes(name) ? eachInOneLine(value) : value,
  ]);
  return Object.fromEntries(entries);
}

function eachInOneLine(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(eachInOneLine);
  return typeof value === 'string' ? oneLine(value) : value;
}
