import { AtcomError } from '../../errors.ts';
import { readTargetLines } from '../../targets/lines.ts';
import { resolveTargets, type Targets } from '../../targets/resolve.ts';
import type { Context } from '../context.ts';
import type { PhoneOptions } from '../options.ts';

/** The phones that a command is aimed at; `--to -` reads them from stdin, a target a line. */
export async function selectPhones(context: Context, options: PhoneOptions): Promise<Targets> {
  const { to = [], exclude, targetsFile, all } = options;
  const fromStdin = to.includes('-') ? [await textOf(context.stdin())] : [];
  const fromFile = targetsFile === undefined ? [] : [await readText(targetsFile)];
  const texts = [...fromStdin, ...fromFile];
  const lines = texts.length === 0 ? undefined : texts.flatMap((text) => readTargetLines(text));
  const words = {
    to: to.filter((word) => word !== '-'),
    exclude,
    lines,
    all,
    fallback: context.env['ATCOM_TO'],
  };
  return resolveTargets(words, await context.config());
}

async function textOf(stream: AsyncIterable<string | Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

async function readText(file: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(file, 'utf8').catch((cause: Error) => {
    throw new AtcomError('unreadable-file', { file, reason: cause.message }, { cause });
  });
}
