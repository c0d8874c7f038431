import { resolve } from 'node:path';
import { checkReadable, unreadable, unusable } from '../config/index.ts';
import { AtcomError } from '../errors.ts';
import { encodingMistake } from '../protocol/mistakes.ts';
import type { Context } from './context.ts';

/**
 * Reads a file that the user names, which may be a pipe.
 *
 * @throws {AtcomError} `unreadable-file`
 */
export async function readText(
  file: string,
  { cwd, signal }: Pick<Context, 'cwd' | 'signal'>,
): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  const path = resolve(cwd, file);
  checkReadable(path);
  const text = await readFile(path, { encoding: 'utf8', signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw unreadable(path, error);
  });
  const mistake = encodingMistake(text);
  if (mistake !== undefined) throw unusable(path, mistake);
  return text;
}

/**
 * Reads stdin to its end.
 *
 * @throws {AtcomError} `usage` if it is not UTF-8
 */
export async function readStdin({ stdin }: Pick<Context, 'stdin'>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin()) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString('utf8');
  const mistake = encodingMistake(text);
  if (mistake === undefined) return text;
  throw new AtcomError('usage', { reason: `stdin: ${mistake}` });
}
