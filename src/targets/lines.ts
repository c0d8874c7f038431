/** A target and its location, such as `phones.txt:12`. */
export interface TargetLine {
  readonly text: string;
  readonly place?: string;
}

/**
 * The targets in a file or on stdin, one per line; `#` starts a comment at the start of a line or after a space.
 *
 * @param file - the name of the text in messages
 */
export function readTargetLines(text: string, file: string): readonly TargetLine[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|[\r\n]/)
    .map((line, index) => ({
      text: line.replace(/(?:^|\s)#[\s\S]*$/, '').trim(),
      place: `${file}:${index + 1}`,
    }))
    .filter(({ text: target }) => target !== '');
}
