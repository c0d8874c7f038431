import { visible } from '../../errors/visible.ts';
import { jsonText } from '../output/output.ts';
import { type Case, detailsText, type Suite } from './suite.ts';

/** The Test Anything Protocol, version 14: one line per case, and failures as YAML blocks. */
export function tap(suites: readonly Suite[]): string {
  const cases = suites.flatMap((suite) => suite.cases);
  return `TAP version 14\n1..${cases.length}\n${cases.map((one, index) => `${caseText(one, index + 1)}\n`).join('')}`;
}

function caseText({ title: words, ms, problem, note }: Case, number: number): string {
  const title = `${number} - ${escaped(words)}`;
  if (problem === undefined) return note === undefined ? `ok ${title}` : `ok ${title}\n  # ${visible(note)}`;
  const { kind, code, message } = problem;
  if (kind === 'skipped') return `ok ${title} # SKIP ${escaped(message)}`;
  const block = { kind, code, message, details: detailsText(problem), duration_ms: ms };
  const yaml = Object.entries(block).map(([key, value]) => `  ${key}: ${jsonText(value)}`);
  return [`not ok ${title}`, '  ---', ...yaml, '  ...'].join('\n');
}

/** `#` would start a directive. */
function escaped(text: string): string {
  return visible(text).replace(/[\\#]/g, '\\$&');
}
