import { parseSequence } from '../../protocol/sequence.ts';
import { phoneCommand } from '../options.ts';
import { keyStep } from '../press/job.ts';
import type { Take } from '../step.ts';

/** `atcom key <token…>` */
export function keyCommand(take: Take) {
  return phoneCommand('key')
    .summary('press keys, in order')
    .description(
      'Presses keys, in order: names (atcom keys), numbers, MUTE*3, wait:500ms, LINEKEY2;6040;SEND.',
    )
    .argument('<keys...>', 'keys to press')
    .option('--raw', 'send every token as it is, even if unknown')
    .addHelpText(
      'after',
      "\nExamples:\n  $ atcom key HOLD RESUME\n  $ atcom key 'VOLUME_UP*3' wait:500ms MUTE",
    )
    .action((keys, { raw, ...options }) =>
      take(keyStep('key', (settings) => parseSequence(keys, { ...settings, raw }), options)),
    );
}
