import { Argument } from '@commander-js/extra-typings';
import { phoneCommand } from '../options.ts';
import { verbStep } from '../press/job.ts';
import type { Take } from '../step.ts';

/** `atcom dnd on|off` */
export function dndCommand(take: Take) {
  return phoneCommand('dnd')
    .summary('turn do-not-disturb on or off')
    .description('Turns do-not-disturb on or off: DND_ON, DND_OFF.')
    .addArgument(new Argument('<state>', 'on or off').choices(['on', 'off']))
    .addHelpText('after', '\nExample:\n  $ atcom dnd on --to reception')
    .action((state, options) => take(verbStep('dnd', { form: `dnd.${state as 'on' | 'off'}` }, options)));
}
