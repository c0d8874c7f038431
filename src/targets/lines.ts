import { AtcomError } from '../errors.ts';
import { lineMistake } from '../protocol/mistakes.ts';

/** A target and its location, such as `phones.txt:12`. */
export interface TargetLine {
  readonly text: string;
  readonly place?: string;
}

/**
 * The targets in a file or on stdin, one per line; `#` starts a comment at the start of a line or after a space.
 *
 * @param file - the name of the text in messages
 * @throws {AtcomError} `usage` for a carriage return within a line
 */
export function readTargetLines(text: string, file: string): readonly TargetLine[] {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap((line, index) => {
      // There may be millions of empty lines.
      if (line === '') return [];
      const place = `${file}:${index + 1}`;
      const mistake = lineMistake(line);
      if (mistake !== undefined) {
        throw new AtcomError('usage', { ...mistake, reason: `${place}: ${mistake.reason}` });
      }
      const target = line.replace(/(?:^|\s)#[\s\S]*$/, '').trim();
      return target === '' ? [] : [{ text: target, place }];
    });
}
