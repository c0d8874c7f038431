import type { ProvenReport } from '../../phone/index.ts';
import { quoteShellWord } from '../../shell.ts';
import { foldNames } from './folding.ts';

/** Options with a value that apply only to the run that has ended. */
const OF_THE_RUN = /^--(journal|resume|retry-failed|report)$/;
/** Options that select phones. */
const OF_THE_TARGET = /^(--to|-t|--targets-file)$/;

/**
 * The command that presses again only on phones where nothing was delivered or done, or that were skipped; undefined if
 * there are none, or if they are all the phones. With a journal, the command continues that journal instead.
 *
 * @param targets - positional targets
 */
export function againCommand(
  words: readonly string[],
  reports: readonly ProvenReport[],
  targets: readonly string[] = [],
): string | undefined {
  const skipped = reports.filter((report) => 'error' in report && report.error.code === 'skipped');
  const failed = reports.filter((report) => 'error' in report && report.error.retryable);
  const again = [...failed, ...skipped];
  const journal = valueAfter(words, /^--(journal|resume|retry-failed)$/);
  if (again.length === 0 || (again.length === reports.length && journal === undefined)) return undefined;
  const kept = without(words, OF_THE_RUN);
  const all =
    journal === undefined
      ? [
          ...without(kept, OF_THE_TARGET).filter(
            (word) => !/^(--all|-a)$/.test(word) && !targets.includes(word),
          ),
          '--to',
          foldNames(again),
        ]
      : [...kept, skipped.length > 0 ? '--resume' : '--retry-failed', journal];
  return ['atcom', ...all].map(quoteShellWord).join(' ');
}

/** Removes some options and their values from the words. */
function without(words: readonly string[], option: RegExp): string[] {
  return words.filter((word, index) => {
    const [name = ''] = word.split('=');
    return (
      !option.test(name) && !option.test(words[index - 1] ?? '') && !(option.test('-t') && /^-t./.test(word))
    );
  });
}

function valueAfter(words: readonly string[], option: RegExp): string | undefined {
  for (const [index, word] of words.entries()) {
    const [name = '', ...value] = word.split('=');
    if (option.test(name)) return value.length > 0 ? value.join('=') : words[index + 1];
  }
  return undefined;
}
