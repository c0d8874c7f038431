import type { ProvenReport } from '../receiver/index.ts';
import { foldNames } from './folding.ts';

/** Options that say which phones, or belong to the run that was: with a value after them, and without. */
const REPLACED = /^(--to|-t|--targets-file|--journal|--resume|--retry-failed)$/;
const REPLACED_WITH_VALUE = /^(--(to|targets-file|journal|resume|retry-failed)=|-t.)/;
const REPLACED_ALONE = /^(--all|-a)$/;

/**
 * The command that presses again, just on the phones where nothing was delivered or done; undefined where there are
 * none, or all phones are among them.
 */
export function againCommand(words: readonly string[], reports: readonly ProvenReport[]): string | undefined {
  const again = reports.filter((report) => 'error' in report && report.error.retryable);
  if (again.length === 0 || again.length === reports.length) return undefined;
  const kept = words.filter(
    (word, index) =>
      !REPLACED.test(word) &&
      !REPLACED.test(words[index - 1] ?? '') &&
      !REPLACED_WITH_VALUE.test(word) &&
      !REPLACED_ALONE.test(word),
  );
  return ['atcom', ...kept, '--to', foldNames(again)].map(shellWord).join(' ');
}

/** A word as a POSIX shell reads it back. */
export function shellWord(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
