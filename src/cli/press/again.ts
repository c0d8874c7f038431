import type { ProvenReport } from '../../phone/index.ts';
import { quoteShellWord } from '../../shell.ts';
import { isSkipped } from '../output/report-document.ts';
import { type Said, wordsOf } from '../words.ts';
import { foldNames } from './folding.ts';

const JOURNALS = ['--journal', '--resume', '--retry-failed'];
/** Options that apply only to the run that has ended. */
const OF_THE_RUN = [...JOURNALS, '--report'];
/** Options that select phones. `--exclude` may stay: it leaves out none of those that are named then. */
const OF_THE_TARGET = ['--to', '--targets-file', '--all'];

type Named = Parameters<typeof foldNames>[0];

/**
 * The command that presses again only on phones where nothing was delivered or done, or that were skipped; undefined if
 * there are none, or if they are all the phones. With a journal, the command continues that journal instead.
 *
 * @param said - what the command line of the run says
 * @param selected - all phones of the run, if there are more than it reports
 */
export function againCommand(
  said: readonly Said[],
  reports: readonly ProvenReport[],
  selected: Named = reports,
): string | undefined {
  const skipped = reports.filter(isSkipped);
  const failed = reports.filter((report) => 'error' in report && report.error.retryable);
  const again = [...failed, ...skipped];
  const journal = said.find((one) => isOption(one, JOURNALS));
  if (again.length === 0 || (again.length === reports.length && journal === undefined)) return undefined;
  const kept = said.filter((one) => !isOption(one, OF_THE_RUN));
  const goOn: readonly Said[] =
    journal?.kind === 'option' ? [{ ...journal, name: wayOn(journal.name, skipped.length) }] : [];
  const named = journal === undefined ? again : kept.some(isRead) ? selected : undefined;
  const others = named === undefined ? kept : [...kept.filter((one) => !selects(one)), to(named)];
  return ['atcom', ...wordsOf([...others, ...goOn])].map(quoteShellWord).join(' ');
}

/** For the journal, a phone that a retry did not come to is one that failed; in other runs, it is one to go on with. */
function wayOn(journal: string, skipped: number): string {
  return skipped > 0 && journal !== '--retry-failed' ? '--resume' : '--retry-failed';
}

function to(phones: Named): Said {
  return { kind: 'option', name: '--to', value: foldNames(phones) };
}

/** Stdin, or a pipe of the shell: `<(…)`. */
const ONCE = /^(?:-|\/dev\/stdin|(?:\/dev|\/proc\/self)\/fd\/\d+)$/;

/** Whether it selects phones by a list that is there only once. */
function isRead(one: Said): boolean {
  const text = one.kind === 'option' ? one.value : one.kind === 'argument' ? one.word : undefined;
  return selects(one) && text !== undefined && ONCE.test(text);
}

function isOption(one: Said, names: readonly string[]): boolean {
  return one.kind === 'option' && names.includes(one.name);
}

function selects(one: Said): boolean {
  return isOption(one, OF_THE_TARGET) || (one.kind === 'argument' && one.name === 'target');
}
