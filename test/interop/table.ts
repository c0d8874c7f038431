import { readFileSync, writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';
import { NOT_RUN } from './not-run.ts';

/** One test: its group is a table, its stack a column, its name a row. */
export interface Outcome {
  readonly group: string;
  readonly stack: string;
  readonly name: string;
  readonly passed: boolean;
}

const PAGE = new URL('../../docs/pbx-tests.md', import.meta.url);
const MARKED = /(<!-- interop -->\n)([\s\S]*?)(<!-- \/interop -->)/;

/** Markdown tables of what was run: flows as rows, stacks as columns, and the reason if a flow cannot run. */
export function tablesOf(
  outcomes: readonly Outcome[],
  notRun: Readonly<Record<string, Readonly<Record<string, string>>>>,
): string {
  const groups = [...new Set(outcomes.map(({ group }) => group))].sort();
  return groups.map((group) => tableOf(group, of(outcomes, { group }), notRun[group] ?? {})).join('\n\n');
}

function tableOf(
  group: string,
  outcomes: readonly Outcome[],
  notRun: Readonly<Record<string, string>>,
): string {
  const stacks = [...new Set(outcomes.map(({ stack }) => stack))].sort();
  const names = [...new Set(outcomes.map(({ name }) => name))];
  const rows = [
    [group, ...stacks],
    ['---', ...stacks.map(() => '---')],
    ...names.map((name) => [name, ...stacks.map((stack) => word(of(outcomes, { stack, name })))]),
    ...Object.entries(notRun).map(([name, reason]) => [
      name,
      `not run: ${reason}`,
      ...stacks.slice(1).map(() => ''),
    ]),
    ['**passed**', ...stacks.map((stack) => `**${count(of(outcomes, { stack }))}**`)],
  ];
  const widths =
    rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? [];
  return rows
    .map((cells) =>
      cells.map((cell, column) =>
        cell === '---' ? '-'.repeat(widths[column] ?? 3) : cell.padEnd(widths[column] ?? 0),
      ),
    )
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function of(outcomes: readonly Outcome[], wanted: Partial<Outcome>): readonly Outcome[] {
  return outcomes.filter((one) =>
    Object.entries(wanted).every(([key, value]) => one[key as keyof Outcome] === value),
  );
}

function word(outcomes: readonly Outcome[]): string {
  if (outcomes.length === 0) return '';
  return outcomes.every(({ passed }) => passed) ? 'passed' : 'FAILED';
}

function count(outcomes: readonly Outcome[]): string {
  return `${outcomes.filter(({ passed }) => passed).length} of ${outcomes.length}`;
}

/** Counts what ran, and compares it with the tables in docs/pbx-tests.md; with ATCOM_INTEROP=write, writes them. */
export default class InteropTable implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const outcomes = modules.flatMap((module) => [...module.children.allTests()].flatMap(outcomeOf));
    process.stdout.write(`\ninterop: ${count(outcomes)} passed\n`);
    const page = readFileSync(PAGE, 'utf8');
    const tables = `\n${tablesOf(outcomes, NOT_RUN)}\n\n`;
    const after = page.replace(MARKED, (_, open, __, close) => `${open}${tables}${close}`);
    if (after === page) return;
    if (process.env['ATCOM_INTEROP'] === 'write') writeFileSync(PAGE, after);
    else {
      process.stdout.write(
        `docs/pbx-tests.md does not say what was run: ATCOM_INTEROP=write .ci/interop writes this\n${tables}`,
      );
      process.exitCode = 1;
    }
  }
}

/** A test outside of a group is not a flow. */
function outcomeOf(test: TestCase): readonly Outcome[] {
  const suites: string[] = [];
  for (let at: TestSuite | TestModule = test.parent; at.type === 'suite'; at = at.parent)
    suites.unshift(at.name);
  const [group, stack] = suites;
  if (group === undefined || stack === undefined) return [];
  return [{ group, stack, name: test.name, passed: test.result().state === 'passed' }];
}
