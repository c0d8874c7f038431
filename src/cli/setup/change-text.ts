import { visible } from '../../errors/visible.ts';
import type { ChangeReport, FieldChange } from '../../setup/index.ts';
import type { Paint } from '../output/output.ts';
import { count } from '../output/text.ts';
import { foldNames, UNFOLDED } from '../press/folding.ts';

/** How many kinds of difference are shown in full. */
const MOST_GROUPS = 8;

/** How phones differ from what is wanted; equal differences are shown once. */
export function differenceText(reports: readonly ChangeReport[], paint: Paint): string {
  const groups = groupsBy(reports, ({ changes }) => JSON.stringify(changes));
  const shown = groups.slice(0, MOST_GROUPS).map((group) => {
    const title = `${visible(foldNames(group))}${group.length > 1 ? ` (${group.length})` : ''}`;
    return [
      paint('bold', title),
      ...(group[0]?.changes ?? []).flatMap((change) => lines(change, paint)),
    ].join('\n');
  });
  const others = groups.slice(MOST_GROUPS).flat();
  if (others.length === 0) return shown.join('\n');
  return [...shown, `${count(others.length, 'more phone')} with other differences; --json shows all`].join(
    '\n',
  );
}

function lines({ field, from, to }: FieldChange, paint: Paint): readonly string[] {
  const name = `  ${visible(field)}`;
  return [
    name,
    ...(from === '' ? [] : [`    ${paint('red', '-')} ${visible(from)}`]),
    `    ${paint('green', '+')} ${to === '' ? '(empty)' : visible(to)}${from === to ? ' (with another secret)' : ''}`,
  ];
}

/** The result of each phone, or of all phones with the same result. */
export function changeLines(reports: readonly ChangeReport[], paint: Paint): string {
  const folded = reports.length > UNFOLDED;
  const groups = folded
    ? groupsBy(reports, (report) => JSON.stringify([report.outcome, doneText(report)]))
    : reports.map((report) => [report]);
  const width = Math.max(0, ...groups.map((group) => titleOf(group, folded).length));
  return groups
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const outcome = paint('error' in first ? 'red' : 'green', first.outcome);
      return [`${titleOf(group, folded).padEnd(width)}  ${outcome}  ${doneText(first)}`.trimEnd()];
    })
    .join('\n');
}

function titleOf(group: readonly ChangeReport[], folded: boolean): string {
  return `${visible(foldNames(group))}${folded ? ` (${group.length})` : ''}`;
}

function doneText(report: ChangeReport): string {
  if (report.outcome !== 'ok') return '';
  return report.changes.length === 0
    ? 'nothing to change'
    : `${count(report.changes.length, 'field')} changed`;
}

function groupsBy(
  reports: readonly ChangeReport[],
  keyOf: (report: ChangeReport) => string,
): readonly (readonly ChangeReport[])[] {
  const groups = new Map<string, ChangeReport[]>();
  for (const report of reports) {
    const key = keyOf(report);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [report]);
    else group.push(report);
  }
  return [...groups.values()];
}
