/** Reads targets from a file or stdin, one a line. `#` begins a comment, at the start of a line or after a space. */
export function readTargetLines(text: string): readonly string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|[\r\n]/)
    .map((line) => line.replace(/(?:^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}
