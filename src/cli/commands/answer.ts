import { answerCall } from '../../protocol/verbs.ts';
import { phoneCommand, wholeNumber } from '../options.ts';
import { verbStep } from '../press/job.ts';
import type { Take } from '../step.ts';

/** `atcom answer` */
export function answerCommand(take: Take) {
  return phoneCommand('answer')
    .summary('answer the incoming call')
    .description('Answers the incoming call: ANSWER, SPEAKER, HEADSET or SFK1.')
    .option('--speaker', 'use the speaker')
    .option('--headset', 'use the headset')
    .option('--softkey <n>', 'press this soft key', wholeNumber(1, 99))
    .addHelpText('after', '\nExample:\n  $ atcom answer --speaker')
    .action((options) => take(verbStep('answer', answerCall(options), options)));
}
