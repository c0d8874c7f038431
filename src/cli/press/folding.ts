import { visible } from '../../errors/visible.ts';
import type { ProvenReport } from '../../phone/index.ts';
import { quoteShellWord } from '../../shell.ts';
import { foldNodeset } from '../../targets/fold.ts';
import type { Paint } from '../output/output.ts';
import { earlierText } from '../output/render.ts';

/** Up to this many phones get a line each; above that, equal outcomes are folded. */
export const UNFOLDED = 8;

/** `lab-[01-11] (11)  ok`: one line for all phones with the same outcome and cause, failures last. */
export function foldedLines(reports: readonly ProvenReport[], paint: Paint): string {
  return groups(reports, (report) => [causeOf(report), ...earlierText(report)].join('\n'))
    .map((group) => {
      const [first] = group;
      if (first === undefined) return '';
      const style = 'error' in first ? 'red' : 'green';
      const line = `${visible(foldNames(group))} (${group.length})  ${paint(style, first.outcome)}`;
      return [line, ...earlierText(first)].join('  ');
    })
    .join('\n');
}

/** The failures of a run by cause, each once, with the affected phones. */
export function failureGroups(reports: readonly ProvenReport[]) {
  return groups(reports).flatMap((group) => {
    const [first] = group;
    if (first === undefined || !('error' in first)) return [];
    const { error, host, phone } = first;
    const names = foldNames(group);
    const { code, message, hint, retryable } = error.toJSON();
    if (group.length === 1) return [{ error: { code, message, hint, retryable }, names }];
    // Both are worded for all the phones they affected, not only for the first; a command to run names them.
    const target = (word: string) => `atcom allow ${quoteShellWord(word)}`;
    const told = {
      code,
      message: message.replaceAll(host, 'each'),
      hint: hint?.replaceAll(target(phone), () => target(names)),
      retryable,
    };
    return [{ error: told, names }];
  });
}

/** Warnings about 200 responses whose body sounds like a failure, each once, with the phones that sent it. */
export function warningGroups(reports: readonly ProvenReport[]) {
  const byText = new Map<string, ProvenReport[]>();
  for (const report of reports) {
    for (const { warning } of report.requests) {
      if (warning !== undefined) byText.set(warning, [...(byText.get(warning) ?? []), report]);
    }
  }
  return [...byText].map(([warning, told]) => ({ warning, names: foldNames(told) }));
}

/** Folds the names of phones into one target that the command line can read back. */
export function foldNames(reports: readonly { readonly phone: string }[]): string {
  return foldNodeset(reports.map(({ phone }) => phone));
}

/** What all phones of a group have in common: the outcome, and the cause without the phone's own address. */
function causeOf(report: ProvenReport): string {
  if (!('error' in report)) return report.outcome;
  const { code, message, hint = '' } = report.error;
  const words = [message, hint].map((text) => text.replaceAll(report.host, '').replaceAll(report.phone, ''));
  return [report.outcome, code, ...words].join('\n');
}

function groups(reports: readonly ProvenReport[], keyOf = causeOf): ProvenReport[][] {
  const byCause = new Map<string, ProvenReport[]>();
  for (const report of reports) {
    const cause = keyOf(report);
    const group = byCause.get(cause);
    if (group === undefined) byCause.set(cause, [report]);
    else group.push(report);
  }
  const failed = (group: ProvenReport[]) => (group[0] !== undefined && 'error' in group[0] ? 1 : 0);
  return [...byCause.values()].sort((a, b) => failed(a) - failed(b));
}
