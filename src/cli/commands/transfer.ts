import { phoneCommand } from '../options.ts';
import { verbStep } from '../press/job.ts';
import type { Take } from '../step.ts';

/** `atcom transfer <number>` */
export function transferCommand(take: Take) {
  return phoneCommand('transfer')
    .summary('transfer the call to a number')
    .description(
      'Transfers the call: TRANSFER;6044;SEND;TRANSFER, or with --blind TRANSFER;6044;BLIND (in no example of the vendor, unverified on hardware).',
    )
    .argument('<number>', 'number to transfer to')
    .option('--blind', 'transfer without calling first')
    .addHelpText('after', '\nExample:\n  $ atcom transfer 6044')
    .action((number, { blind, ...options }) =>
      take(verbStep('transfer', { form: blind === true ? 'transfer.blind' : 'transfer', number }, options)),
    );
}
