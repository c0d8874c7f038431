import { Argument } from '@commander-js/extra-typings';
import { phoneCommand, wholeNumber } from '../options.ts';
import { verbStep } from '../press/job.ts';
import type { Take } from '../step.ts';

/** `atcom volume up|down [times]` */
export function volumeCommand(take: Take) {
  return phoneCommand('volume')
    .summary('turn the volume up or down')
    .description('Turns the volume up or down, once or several times.')
    .addArgument(new Argument('<direction>', 'up or down').choices(['up', 'down']))
    .argument('[times]', 'how many times', wholeNumber(1, 100), 1)
    .addHelpText('after', '\nExample:\n  $ atcom volume up 3')
    .action((direction, times, options) =>
      take(verbStep('volume', { form: `volume.${direction as 'up' | 'down'}`, n: times }, options)),
    );
}
