import { phoneCommand } from '../options.ts';
import { verbStep } from '../press/job.ts';
import type { Take } from '../step.ts';

/** `atcom hold [--dial <number>]` */
export function holdCommand(take: Take) {
  return phoneCommand('hold')
    .summary('hold the call; with --dial, make a second call')
    .description('Holds the call; with --dial also calls a number: HOLD;6040;DIAL.')
    .option('--dial <number>', 'call this number')
    .addHelpText('after', '\nExample:\n  $ atcom hold --dial 6040')
    .action(({ dial, ...options }) =>
      take(
        verbStep(
          'hold',
          dial === undefined ? { form: 'hold' } : { form: 'hold.dial', number: dial },
          options,
        ),
      ),
    );
}
