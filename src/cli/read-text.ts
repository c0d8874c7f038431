import { AtcomError } from '../errors.ts';
import { pathIn } from '../files/links.ts';
import { LARGEST } from '../files/open.ts';
import { readText as readFile, readStream } from '../files/read.ts';
import { encodingMistake } from '../protocol/mistakes.ts';
import type { Context } from './context.ts';

/**
 * Reads a file that the user names, which may be a pipe.
 *
 * @throws {AtcomError} `unreadable-file`; the reason of the signal
 */
export function readText(file: string, { cwd, signal }: Pick<Context, 'cwd' | 'signal'>): Promise<string> {
  return readFile(pathIn(cwd, file), { signal });
}

/**
 * Reads stdin to its end.
 *
 * @throws {AtcomError} `unreadable-file`, `usage` if it is not UTF-8; the reason of the signal
 */
export async function readStdin({ stdin, signal }: Pick<Context, 'stdin' | 'signal'>): Promise<string> {
  const text = (await readStream('stdin', stdin(), LARGEST, signal)).toString('utf8');
  const mistake = encodingMistake(text);
  if (mistake === undefined) return text;
  throw new AtcomError('usage', { reason: `stdin: ${mistake}` });
}
