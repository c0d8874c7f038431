import { Command } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { wholeNumber } from '../options.ts';

/** `atcom run <file|->` */
export function runCommand(context: Context) {
  return new Command('run')
    .summary('run a file of commands, a line each')
    .description(
      'Runs the commands of a file, or with - of stdin, line by line: the words of this command line without atcom, ' +
        'and to <target>, sleep 2s, set name value with $name, expect <event>; # comments. It ends at the first line ' +
        'that fails. Of a file nothing is sent before every line is understood.',
    )
    .argument('<file>', 'the file, or - for stdin')
    .option('-n, --dry-run', 'print the exact URLs and send nothing')
    .option('--from <line>', 'begin at this line', wholeNumber(1, 9_999_999), 1)
    .option('--repeat <times>', 'run it so often', wholeNumber(1, 1_000_000), 1)
    .addHelpText('after', '\nExample:\n  $ atcom run night.atcom\n  $ echo "dnd on --to lobby" | atcom run -')
    .action(async (file, options) => {
      const { runBatch } = await import('../batch/run-batch.ts');
      return runBatch(context, file, options);
    });
}
