import { Option } from '@commander-js/extra-typings';
import { parseTimeout } from '../../config/index.ts';
import { AtcomError } from '../../errors.ts';
import { DOINGS, WORDS } from '../../monitor/words.ts';
import { closest } from '../../protocol/suggest.ts';
import type { Context } from '../context.ts';
import { targetCommand, wholeNumber, withTargets } from '../options.ts';

/** Values of `--only`: the states, and what else can be said of a phone. */
const ONLY = [...DOINGS, 'unreachable', 'unapproved', 'unregistered', 'dnd'];

/** `atcom status [target…]` */
export function statusCommand(context: Context) {
  return targetCommand('status')
    .summary('show what the phones are doing, and with whom; presses no key')
    .description(
      'Shows what the phones reported to a running atcom listen: which are idle, ringing, talking and with whom, on DND, or have reported nothing. ' +
        'Checks that each web server answers; exits with 3 if one does not.',
    )
    .argument(
      '[target...]',
      'which phones, as for --to; by default, all in the config and all that have reported',
    )
    .addOption(
      new Option('--only <what>', 'only phones in this state; repeatable')
        .choices(ONLY)
        .argParser(collectOnly),
    )
    .option(
      '--watch',
      'show it live: / filters, s sorts, q quits; without a terminal, a line of JSON per change',
    )
    .option('-n, --dry-run', 'print the URLs it would request, and request none')
    .option('--no-web', 'do not contact their web servers')
    .option('--timeout <duration>', 'time limit for a web server to answer (default: 1s)', parseTimeout)
    .option('--port <port>', 'port of the listener (default: 8088)', wholeNumber(1, 65_535))
    .addHelpText('after', '\nExamples:\n  $ atcom status --only talking\n  $ atcom status --watch')
    .action(async (targets, given) => {
      const options = withTargets(targets, given);
      if (options.dryRun === true) {
        const { showRequests } = await import('../status/status.ts');
        await showRequests(context, options);
      } else if (options.watch === true) {
        const { watchStatus } = await import('../status/watch.ts');
        await watchStatus(context, options);
      } else {
        const { showStatus } = await import('../status/status.ts');
        await showStatus(context, options);
      }
    });
}

/** Commander does not check choices where there is a parser. */
function collectOnly(word: string, words: readonly string[] = []): readonly string[] {
  // Also as the table shows them: `on hold`, `in use`.
  const value = DOINGS.find((state) => WORDS[state] === word) ?? word;
  if (ONLY.includes(value)) return [...words, value];
  const [suggestion] = closest(word, ONLY);
  const hint = suggestion === undefined ? `one of ${ONLY.join(', ')}` : `did you mean ${suggestion}?`;
  throw new AtcomError('usage', { reason: `--only ${JSON.stringify(word)} is none of its values`, hint });
}
