import type { ProvenReport } from '../../phone/index.ts';
import { quoteShellWord } from '../../shell.ts';
import { type Said, wordsOf } from '../words.ts';
import { foldNames } from './folding.ts';

const JOURNALS = ['--journal', '--resume', '--retry-failed'];
/** Options that apply only to the run that has ended. */
const OF_THE_RUN = [...JOURNALS, '--report'];
/** Options that select phones. `--exclude` may stay: it leaves out none of those that are named then. */
const OF_THE_TARGET = ['--to', '--targets-file', '--all'];

/**
 * The command that presses again only on phones where nothing was delivered or done, or that were skipped; undefined if
 * there are none, or if they are all the phones. With a journal, the command continues that journal instead.
 *
 * @param said - what the command line of the run says
 */
export function againCommand(said: readonly Said[], reports: readonly ProvenReport[]): string | undefined {
  const skipped = reports.filter((report) => 'error' in report && report.error.code === 'skipped');
  const failed = reports.filter((report) => 'error' in report && report.error.retryable);
  const again = [...failed, ...skipped];
  const journal = said.find((one) => isOption(one, JOURNALS));
  if (again.length === 0 || (again.length === reports.length && journal === undefined)) return undefined;
  const kept = said.filter((one) => !isOption(one, OF_THE_RUN));
  const only: Said =
    journal?.kind === 'option'
      ? { ...journal, name: skipped.length > 0 ? '--resume' : '--retry-failed' }
      : { kind: 'option', name: '--to', value: foldNames(again) };
  const others = journal === undefined ? kept.filter((one) => !selects(one)) : kept;
  return ['atcom', ...wordsOf([...others, only])].map(quoteShellWord).join(' ');
}

function isOption(one: Said, names: readonly string[]): boolean {
  return one.kind === 'option' && names.includes(one.name);
}

function selects(one: Said): boolean {
  return isOption(one, OF_THE_TARGET) || (one.kind === 'argument' && one.name === 'target');
}
