import { answerCall } from '../../protocol/verbs.ts';
import type { Context } from '../context.ts';
import { phoneCommand, wholeNumber } from '../options.ts';
import { pressVerb } from '../press/press.ts';

/** `atcom answer` */
export function answerCommand(context: Context) {
  return phoneCommand('answer')
    .summary('answer the incoming call')
    .description('Answers the incoming call: ANSWER, SPEAKER, HEADSET or SFK1.')
    .option('--speaker', 'hands-free')
    .option('--headset', 'on the headset')
    .option('--softkey <n>', 'with a soft key', wholeNumber(1, 99))
    .addHelpText('after', '\nExample:\n  $ atcom answer --speaker')
    .action((options) => pressVerb(context, 'answer', answerCall(options), options));
}
