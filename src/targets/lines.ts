/** The targets in a file or on stdin: one a line; `#` begins a comment, at the start or after a blank. */
export function readTargetLines(text: string): readonly string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|[\r\n]/)
    .map((line) => line.replace(/(?:^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}
