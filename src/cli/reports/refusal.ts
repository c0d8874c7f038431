import type { AtcomError } from '../../errors.ts';
import { identityOf } from '../../files/identity.ts';
import { runDocument, type ScenarioResult } from '../../scenario/index.ts';
import type { Context } from '../context.ts';
import { type ReportDocument, reportDocument } from '../output/report-document.ts';
import type { Said } from '../words.ts';
import { type ReportTarget, reportParser, SCENARIO_FORMATS, STDOUT, writeReports } from './index.ts';
import { PRESS_REPORTS } from './presses.ts';
import { SCENARIO_REPORTS } from './scenarios.ts';

/** The options that name a journal. */
const JOURNAL = /^--(?:journal|resume|retry-failed)$/;

/**
 * The reports that the words ask for, read without the parser: a command line with a mistake asks for them, too. None in
 * a run that only shows something, nor in the file of a journal.
 */
export function reportsIn(words: readonly string[], said: readonly Said[]): readonly ReportTarget[] {
  const dry = (word: string) => /^(--dry-run|-n|--curl|--check|--list)$/.test(word);
  // Joined short options are known only to the parser.
  if (words.some(dry) || said.some((one) => one.kind === 'option' && dry(one.name))) return [];
  const parse = reportParser(SCENARIO_FORMATS);
  const targets = valuesOf(words, /^--report$/).flatMap((text) => {
    try {
      return parse(text);
    } catch {
      return [];
    }
  });
  return besides(targets, valuesOf(words, JOURNAL));
}

/** What is given to an option, as one word or two. */
function valuesOf(words: readonly string[], option: RegExp): readonly string[] {
  return words.flatMap((word, index) => {
    const [, name = '', value = words[index + 1]] = /^([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    return option.test(name) && value !== undefined ? [value] : [];
  });
}

/** Leaves out reports to the file of a journal, under any name: they would be in the way of the next run. */
export function besides(targets: readonly ReportTarget[], journals: readonly string[]) {
  const kept = new Set(journals.map(identityOf));
  return targets.filter(({ file }) => file === STDOUT || !kept.has(identityOf(file)));
}

/** Replaces reports by one of a run that was refused: yesterday's would tell a build server that all is well. */
export async function reportRefusal(
  context: Pick<Context, 'stdout' | 'signal' | 'env' | 'uid'>,
  command: string,
  targets: readonly ReportTarget[],
  error: AtcomError,
): Promise<void> {
  const { stdout, signal } = context;
  const { exitCode } = error;
  // Why one cannot be written is what the run was refused for, or of no more use.
  const writing = { stdout, person: context, signal, complain: () => undefined };
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
