import { Command } from '@commander-js/extra-typings';
import { KEY_DEFINITIONS, rangeText } from '../../protocol/keys.ts';
import { parseModel } from '../../protocol/models.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import type { Context } from '../context.ts';
import { columns } from '../output/text.ts';

/** `atcom keys` */
export function keysCommand(context: Context) {
  return new Command('keys')
    .summary('list all keys')
    .option('--model <model>', 'only the keys of this model', parseModel)
    .addHelpText('after', '\nExample:\n  $ atcom keys --model A21')
    .action(({ model }) => {
      const rows = KEY_DEFINITIONS.map((definition) => {
        const { token, alsoSent, aliases = [], group, description, destructive = false } = definition;
        const also = [...(alsoSent === undefined ? [] : [alsoSent]), ...aliases];
        return { key: rangeText(definition, model), token, aliases: also, group, description, destructive };
      }).filter(({ key }) => !key.startsWith('no '));
      const value = { ...documentHead('keys'), model, keys: rows };
      context.output.result(value, (paint) => {
        const digits = ['0–9 *', '', 'Press the keypad; a number such as 6040 is one token'];
        const table = [
          digits,
          ...rows.map(({ key, aliases, description }) => [key, aliases.join(' '), description]),
        ];
        return `${paint('bold', 'key, other spellings, what it does')}\n${columns(table)}`;
      });
    });
}
