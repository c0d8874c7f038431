import { phoneCommand, wholeNumber } from '../options.ts';
import { dialStep } from '../press/job.ts';
import type { Take } from '../step.ts';

/** `atcom dial <number>` */
export function dialCommand(take: Take) {
  return phoneCommand('dial')
    .summary('call a number')
    .description('Calls a number: 6040;DIAL, or on line 2 LINEKEY2;6040;SEND.')
    .argument('<number>', 'in any common form: 6040, "030 123-45", *72#, +49 30 1, tel:…')
    .option('--then <digits>', "press these once the call is answered: '1234#', a comma waits 2s")
    .option('--line <n>', 'use this line', wholeNumber(1, 99))
    .option('--speaker', 'use the speaker')
    .option('--headset', 'use the headset')
    .addHelpText(
      'after',
      "\nExamples:\n  $ atcom dial 6040 --line 2\n  $ atcom dial 555 --then '1234#' --wait established:30s",
    )
    .action((number, { then: afterAnswer, ...options }) =>
      take(dialStep(number, { ...options, afterAnswer })),
    );
}
