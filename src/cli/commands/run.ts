import { Command } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { wholeNumber } from '../options.ts';

/** `atcom run <file|->` */
export function runCommand(context: Context) {
  return new Command('run')
    .summary('run a file of commands, one per line')
    .description(
      'Runs commands from a file, or with - from stdin, line by line: commands as on this command line without atcom, ' +
        'and to <target>, sleep 2s, set name value with $name, expect <event>; # comments. It stops at the first line ' +
        'that fails. A file is checked as a whole before anything is sent.',
    )
    .argument('<file>', 'the file, or - for stdin')
    .option('-n, --dry-run', 'print the exact URLs and send nothing')
    .option('--from <line>', 'start at this line', wholeNumber(1, 9_999_999), 1)
    .option('--repeat <times>', 'run it this many times', wholeNumber(1, 1_000_000), 1)
    .addHelpText('after', '\nExample:\n  $ atcom run night.atcom\n  $ echo "dnd on --to lobby" | atcom run -')
    .action(async (file, options) => {
      const { runBatch } = await import('../batch/run-batch.ts');
      return runBatch(context, file, options);
    });
}
