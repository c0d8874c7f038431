import type { Context } from '../context.ts';
import { phoneCommand } from '../options.ts';
import { pressVerb } from '../press/press.ts';

/** `atcom transfer <number>` */
export function transferCommand(context: Context) {
  return phoneCommand('transfer')
    .summary('transfer the call to a number')
    .description(
      'Transfers the call: TRANSFER;6044;SEND;TRANSFER, or with --blind TRANSFER;6044;BLIND (in no illustration of the vendor, unverified on hardware).',
    )
    .argument('<number>', 'to whom')
    .option('--blind', 'without calling first')
    .addHelpText('after', '\nExample:\n  $ atcom transfer 6044')
    .action((number, { blind, ...options }) =>
      pressVerb(
        context,
        'transfer',
        { form: blind === true ? 'transfer.blind' : 'transfer', number },
        options,
      ),
    );
}
