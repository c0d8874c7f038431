import { someOf } from '../../errors/some-of.ts';
import { AtcomError } from '../../errors.ts';
import { parseSequence } from '../../protocol/sequence.ts';
import { closest } from '../../protocol/suggest.ts';
import { phoneCommand } from '../options.ts';
import { type KeySettings, keyStep } from '../press/job.ts';
import type { Take } from '../step.ts';

/** `atcom macro <name>` */
export function macroCommand(take: Take) {
  return phoneCommand('macro')
    .summary('press the keys of a macro from the config')
    .description(
      'Presses the keys of a macro: that of the phone, otherwise of its model, otherwise of the config.',
    )
    .argument('<macro>', 'its name under macros: in the config')
    .addHelpText('after', '\nExample:\n  $ atcom macro panic --to @floor1')
    .action((name, options) =>
      take(keyStep('macro', (settings, { macros }) => macroSequence(name, settings, macros), options)),
    );
}

function macroSequence(name: string, settings: KeySettings, macros: ReadonlyMap<string, string>) {
  const own = settings.macros ?? {};
  const keys = Object.hasOwn(own, name) ? own[name] : macros.get(name);
  if (keys !== undefined) return parseSequence(keys.split(/\s+/), settings);
  const names = [...new Set([...Object.keys(own), ...macros.keys()])];
  const [suggestion] = closest(name, names);
  const known = names.length === 0 ? 'the config has no macros' : `there is ${someOf(names)}`;
  throw new AtcomError('usage', {
    reason: `there is no macro ${JSON.stringify(name)}`,
    hint: suggestion === undefined ? known : `did you mean ${suggestion}?`,
  });
}
