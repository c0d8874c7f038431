import { checkListener, type Network } from '../../doctor/listener.ts';
import { withoutPasswords } from '../../errors/passwords.ts';
import { visible } from '../../errors/visible.ts';
import { AtcomError, isAtcomError } from '../../errors.ts';
import { type ActionUrlLine, lintActionUrlLine, readActionUrls } from '../../protocol/action-url-lines.ts';
import { type ActionUrlProblem, type LintRules, listenerOf } from '../../protocol/action-url-lint.ts';
import type { Context } from '../context.ts';
import type { Paint } from '../output/output.ts';
import { count, widest } from '../output/text.ts';
import { readStdin, readText } from '../read-text.ts';

/** A problem and where it is. */
export interface LintFinding extends ActionUrlProblem {
  readonly line: number;
  readonly url?: string;
}

/** More problems would not help; what is behind them is not checked. */
const MOST_FINDINGS = 10_000;

const MORE: ActionUrlProblem = {
  severity: 'error',
  code: 'more',
  what: 'from here on, nothing was checked: there are too many problems before',
};

/** How many listeners are probed; phones report to one, or to a few. Each that is silent takes seconds. */
const MOST_LISTENERS = 64;

const MORE_LISTENERS: ActionUrlProblem = {
  severity: 'error',
  code: 'more',
  what: `from here on, no listener was tried: there are more than ${MOST_LISTENERS}`,
};

/** How many listeners are probed concurrently. */
const AT_ONCE = 8;

/**
 * The lines that `<url|file>` means: a URL, a file, or `-` for stdin.
 *
 * @throws {AtcomError} `unreadable-file`, `usage` when there is nothing in it
 */
export async function linesOf(source: string, context: Context): Promise<readonly ActionUrlLine[]> {
  if (source.includes('://')) return [{ line: 1, labels: [], url: source }];
  const lines = readActionUrls(source === '-' ? await readStdin(context) : await readLines(source, context));
  if (lines.length > 0) return lines;
  throw new AtcomError('usage', {
    reason: `there is no URL in ${visible(source)}`,
    hint: 'write one per line; atcom action-url list prints them',
  });
}

/** A URL without its scheme looks like the name of a file. */
async function readLines(file: string, context: Context): Promise<string> {
  return readText(file, context).catch((error: unknown) => {
    if (!isAtcomError(error) || error.code !== 'unreadable-file') throw error;
    const { reason } = error.details;
    const missing = reason === 'there is no such file';
    const hint = missing ? { hint: 'check the path; if it is a URL, begin it with http://' } : {};
    throw new AtcomError('unreadable-file', { file: visible(file), reason, ...hint }, { cause: error });
  });
}

/** Everything that is wrong with the lines; with a network, also with their listeners. */
export async function lintLines(
  lines: readonly ActionUrlLine[],
  network: Network | undefined,
  signal: AbortSignal,
  rules: LintRules = {},
): Promise<readonly LintFinding[]> {
  const written: LintFinding[] = [];
  for (const line of lines) {
    if (written.length >= MOST_FINDINGS) {
      written.push(place(line, MORE));
      break;
    }
    const url = withoutPasswords(line.url);
    for (const problem of lintActionUrlLine(line, rules)) written.push(place(line, problem, url));
  }
  const found = network === undefined ? [] : await lintListeners(lines, network, signal);
  return [...written, ...found].sort((one, other) => one.line - other.line);
}

/** Probes each listener once, and reports a problem at the first line that names it. */
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
  const all = [...listeners.values()];
  const next = all[MOST_LISTENERS];
  if (next !== undefined) findings.push(place(next.line, MORE_LISTENERS));
  const queue = all.slice(0, MOST_LISTENERS).values();
  const work = async () => {
    for (const { line, listener } of queue) {
      const problem = await checkListener(listener, network, signal);
      if (problem !== undefined) findings.push(place(line, problem, withoutPasswords(line.url)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return findings;
}

/** @param url - without passwords; the same for all problems of a line */
function place({ line }: ActionUrlLine, problem: ActionUrlProblem, url?: string): LintFinding {
  return { ...withoutPasswords({ line, ...problem }), ...(url === undefined ? {} : { url }) };
}

/** `line 3  error    $remot is no variable, so it arrives empty; did you mean $remote?` */
export function findingsText(findings: readonly LintFinding[], urls: number, paint: Paint): string {
  const width = widest(findings.map(({ line }) => String(line)));
  // The same of many lines is told at the first one.
  const alike = new Map<string, { readonly finding: LintFinding; readonly lines: Set<number> }>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.severity, finding.what, finding.instead]);
    const { lines } = alike.get(key) ?? {};
    if (lines === undefined) alike.set(key, { finding, lines: new Set([finding.line]) });
    else lines.add(finding.line);
  }
  const rows = [...alike.values()].map(({ finding: { line, severity, what, instead = [] }, lines }) => {
    const said = instead.length === 0 ? what : `${what}; did you mean ${instead.join(' or ')}?`;
    const more = lines.size > 1 ? ` (and on ${count(lines.size - 1, 'more line')})` : '';
    const style = severity === 'error' ? 'red' : 'yellow';
    return `line ${String(line).padEnd(width)}  ${paint(style, severity.padEnd(7))}  ${visible(said)}${more}`;
  });
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const verdict =
    findings.length === 0 ? 'ok' : `${count(errors, 'error')}, ${count(findings.length - errors, 'warning')}`;
  return [...rows, `${count(urls, 'URL')}: ${verdict}`].join('\n');
}
