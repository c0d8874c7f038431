import { visible } from '../text.ts';
import type { Render } from './index.ts';

/** The Test Anything Protocol, version 14: a line a phone, what went wrong as a YAML block. */
export const tap: Render = ({ command, results }) => {
  const lines = results.map((report, index) => {
    const title = `${index + 1} - ${escaped(`${command} on ${report.phone}`)}`;
    if (!('error' in report)) return `ok ${title}`;
    if (report.outcome === 'skipped') return `ok ${title} # SKIP ${escaped(report.error.message)}`;
    const { code, message, hint } = report.error;
    const block = { outcome: report.outcome, code, message, hint, duration_ms: report.ms };
    const yaml = Object.entries(block).map(([name, value]) => `  ${name}: ${JSON.stringify(value ?? '')}`);
    return [`not ok ${title}`, '  ---', ...yaml, '  ...'].join('\n');
  });
  return `TAP version 14\n1..${results.length}\n${lines.map((line) => `${line}\n`).join('')}`;
};

/** `#` would begin a directive. */
function escaped(text: string): string {
  return visible(text).replace(/[\\#]/g, '\\$&');
}
