import { Argument } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { phoneCommand, wholeNumber } from '../options.ts';
import { pressVerb } from '../press/press.ts';

/** `atcom volume up|down [times]` */
export function volumeCommand(context: Context) {
  return phoneCommand('volume')
    .summary('turn the volume up or down')
    .description('Turns the volume up or down, once or several times.')
    .addArgument(new Argument('<direction>', 'which way').choices(['up', 'down']))
    .argument('[times]', 'how often', wholeNumber(1, 100), 1)
    .addHelpText('after', '\nExample:\n  $ atcom volume up 3')
    .action((direction, times, options) =>
      pressVerb(context, 'volume', { form: `volume.${direction as 'up' | 'down'}`, n: times }, options),
    );
}
