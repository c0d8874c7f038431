import { type ActionUrlProblem, type LintRules, lintActionUrl, readerFor } from './action-url-lint.ts';
import { findEvent } from './events.ts';

/** One line of a file with Action URLs. */
export interface ActionUrlLine {
  /** Counted from 1. */
  readonly line: number;
  /** The text before the URL: names of the event, or of its field on the phone's page. */
  readonly labels: readonly string[];
  /** Undefined if the line has no URL. */
  readonly url: string | undefined;
}

/** The header of a CSV file; its rows look like `incomingCall,Incoming Call,http://…`. */
export const CSV_HEADER = ['event', 'label', 'url'] as const;

/** Reads one URL per line, which labels may precede, or rows of CSV. Comments begin with `#`. */
export function readActionUrls(text: string): readonly ActionUrlLine[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line, index) => ({ line: index + 1, text: line.trim() }))
    .filter(({ text: line }) => line !== '' && !line.startsWith('#') && line !== CSV_HEADER.join(','))
    .map(({ line, text: written }) => ({ line, ...cut(written) }));
}

function cut(line: string): Omit<ActionUrlLine, 'line'> {
  const head = line.slice(0, Math.max(0, line.indexOf('://')));
  if (head === '') return { labels: [], url: undefined };
  const start = Math.max(...[...' \t,;"='].map((separator) => head.lastIndexOf(separator))) + 1;
  const rest = line.slice(start);
  const quoted = line.charAt(start - 1) === '"' && rest.endsWith('"');
  return {
    labels: head.slice(0, start).split(/[,;\t="]/),
    url: quoted ? rest.slice(0, -1).replaceAll('""', '"') : rest,
  };
}

/** All problems of one line. */
export function lintActionUrlLine(
  { labels, url }: ActionUrlLine,
  rules: LintRules = {},
): readonly ActionUrlProblem[] {
  if (url === undefined) {
    const what = 'there is no URL in this line';
    return [{ severity: 'error', code: 'not-a-url', what, instead: ['http://…'] }];
  }
  const event = readerFor(rules)(url)?.event;
  const other = labels
    .map((label) => findEvent(label.replace(/[^a-z]/gi, '')))
    .find((labelled) => labelled !== undefined && event !== undefined && labelled !== event);
  const problems = lintActionUrl(url, rules);
  if (other === undefined) return problems;
  const what = `the line is for ${other}, its URL reports ${event}`;
  return [...problems, { severity: 'warning', code: 'other-event', what, instead: [`${other}Url.xml`] }];
}
