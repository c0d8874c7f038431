import { Argument } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { phoneCommand } from '../options.ts';
import { pressVerb } from '../press/press.ts';

/** `atcom dnd on|off` */
export function dndCommand(context: Context) {
  return phoneCommand('dnd')
    .summary('turn do-not-disturb on or off')
    .description('Turns do-not-disturb on or off: DND_ON, DND_OFF.')
    .addArgument(new Argument('<state>', 'on or off').choices(['on', 'off']))
    .addHelpText('after', '\nExample:\n  $ atcom dnd on --to reception')
    .action((state, options) => pressVerb(context, 'dnd', { form: `dnd.${state as 'on' | 'off'}` }, options));
}
