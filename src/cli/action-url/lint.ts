import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkListener, type Network } from '../../doctor/listener.ts';
import { AtcomError } from '../../errors.ts';
import { type ActionUrlLine, lintActionUrlLine, readActionUrls } from '../../protocol/action-url-lines.ts';
import { type ActionUrlProblem, listenerOf } from '../../protocol/action-url-lint.ts';
import type { Context } from '../context.ts';
import type { Paint } from '../output/output.ts';
import { count, visible } from '../output/text.ts';

/** A problem with its place. */
export interface LintFinding extends ActionUrlProblem {
  readonly line: number;
  readonly url?: string;
}

/** As many listeners are asked at once. */
const AT_ONCE = 8;

/**
 * The lines that `<url|file>` means: a URL, a file, or `-` for stdin.
 *
 * @throws {AtcomError} `unreadable-file`, `usage` when there is nothing in it
 */
export async function linesOf(source: string, context: Context): Promise<readonly ActionUrlLine[]> {
  if (source.includes('://')) return [{ line: 1, labels: [], url: source }];
  const lines = readActionUrls(source === '-' ? await readAll(context) : await readText(source, context));
  if (lines.length > 0) return lines;
  throw new AtcomError('usage', {
    reason: `there is no URL in ${visible(source)}`,
    hint: 'write one a line; atcom action-url list prints them',
  });
}

async function readText(file: string, { cwd, signal }: Context): Promise<string> {
  try {
    return await readFile(resolve(cwd, file), { encoding: 'utf8', signal });
  } catch (error) {
    signal.throwIfAborted();
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file; a URL begins with http://' : (code ?? message);
    throw new AtcomError('unreadable-file', { file: visible(file), reason }, { cause: error });
  }
}

async function readAll(context: Context): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of context.stdin()) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** Everything that is wrong with the lines; with a network, also with their listeners. */
export async function lintLines(
  lines: readonly ActionUrlLine[],
  network: Network | undefined,
  signal: AbortSignal,
): Promise<readonly LintFinding[]> {
  const written = lines.flatMap((line) => lintActionUrlLine(line).map((problem) => place(line, problem)));
  const found = network === undefined ? [] : await lintListeners(lines, network, signal);
  return [...written, ...found].sort((one, other) => one.line - other.line);
}

/** Asks each listener once; what is wrong with it is told of the first line that names it. */
async function lintListeners(
  lines: readonly ActionUrlLine[],
  network: Network,
  signal: AbortSignal,
): Promise<readonly LintFinding[]> {
  const listeners = new Map<string, { readonly line: ActionUrlLine; readonly listener: URL }>();
  for (const line of lines) {
    const listener = listenerOf(line.url ?? '');
    if (listener !== undefined && !listeners.has(listener.origin)) {
      listeners.set(listener.origin, { line, listener });
    }
  }
  const findings: LintFinding[] = [];
  const queue = listeners.values();
  const work = async () => {
    for (const { line, listener } of queue) {
      const problem = await checkListener(listener, network, signal);
      if (problem !== undefined) findings.push(place(line, problem));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return findings;
}

function place({ line, url }: ActionUrlLine, problem: ActionUrlProblem): LintFinding {
  return { line, ...problem, ...(url === undefined ? {} : { url }) };
}

/** `line 3  error    $remot is no variable, so it arrives empty; did you mean $remote?` */
export function findingsText(findings: readonly LintFinding[], urls: number, paint: Paint): string {
  const width = Math.max(...findings.map(({ line }) => String(line).length));
  const rows = findings.map(({ line, severity, what, instead = [] }) => {
    const said = instead.length === 0 ? what : `${what}; did you mean ${instead.join(' or ')}?`;
    const style = severity === 'error' ? 'red' : 'yellow';
    return `line ${String(line).padEnd(width)}  ${paint(style, severity.padEnd(7))}  ${visible(said)}`;
  });
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const verdict =
    findings.length === 0 ? 'ok' : `${count(errors, 'error')}, ${count(findings.length - errors, 'warning')}`;
  return [...rows, `${count(urls, 'URL')}: ${verdict}`].join('\n');
}
