import { dialCall } from '../../protocol/verbs.ts';
import { phoneCommand, wholeNumber } from '../options.ts';
import { verbStep } from '../press/job.ts';
import type { Take } from '../step.ts';

/** `atcom dial <number>` */
export function dialCommand(take: Take) {
  return phoneCommand('dial')
    .summary('call a number')
    .description('Calls a number: 6040;DIAL, or on line 2 LINEKEY2;6040;SEND.')
    .argument('<number>', 'as people write it: 6040, "030 123-45", *72#, +49 30 1, tel:…')
    .option('--line <n>', 'on this line', wholeNumber(1, 99))
    .option('--speaker', 'hands-free')
    .option('--headset', 'on the headset')
    .addHelpText('after', '\nExample:\n  $ atcom dial 6040 --line 2')
    .action((number, options) => take(verbStep('dial', dialCall(number, options), options)));
}
