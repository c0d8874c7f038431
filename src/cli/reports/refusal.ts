import type { AtcomError } from '../../errors.ts';
import { runDocument, type ScenarioResult } from '../../scenario/index.ts';
import type { Context } from '../context.ts';
import { type ReportDocument, reportDocument } from '../output/report-document.ts';
import { type ReportTarget, reportParser, SCENARIO_FORMATS, writeReports } from './index.ts';
import { PRESS_REPORTS } from './presses.ts';
import { SCENARIO_REPORTS } from './scenarios.ts';

/**
 * The reports that the words ask for, read without the parser: a command line with a mistake asks for them, too. None in
 * a dry run, which writes none.
 */
export function reportsIn(words: readonly string[]): readonly ReportTarget[] {
  if (words.some((word) => /^(--dry-run|-n|--curl)$/.test(word))) return [];
  const parse = reportParser(SCENARIO_FORMATS);
  return words.flatMap((word, index) => {
    const [, text = word === '--report' ? words[index + 1] : undefined] = /^--report=(.*)$/s.exec(word) ?? [];
    try {
      return text === undefined ? [] : parse(text);
    } catch {
      return [];
    }
  });
}

/** Replaces reports by one of a run that was refused: yesterday's would tell a build server that all is well. */
export async function reportRefusal(
  { stdout, signal }: Pick<Context, 'stdout' | 'signal'>,
  command: string,
  targets: readonly ReportTarget[],
  error: AtcomError,
): Promise<void> {
  const { exitCode } = error;
  // Why one cannot be written is what the run was refused for, or of no more use.
  const writing = { stdout, signal, complain: () => undefined };
  if (command === 'test') {
    const document = runDocument([refused(error)], { ms: 0, signal, failOnFlaky: false });
    return writeReports(targets, { ...document, exitCode }, SCENARIO_REPORTS, writing);
  }
  const document: ReportDocument = reportDocument(command, [], { ms: 0, exitCode, error });
  return writeReports(targets, document, PRESS_REPORTS, writing);
}

function refused(error: AtcomError): ScenarioResult {
  const name = 'atcom test';
  return { name, file: name, line: 1, tags: [], status: 'error', ms: 0, phones: [], attempts: [], error };
}
