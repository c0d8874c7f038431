import { Command } from '@commander-js/extra-typings';
import { MODEL_NAMES, MODELS } from '../../protocol/models.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import type { Context } from '../context.ts';
import { columns } from '../output/text.ts';

/** `atcom models` */
export function modelsCommand(context: Context) {
  return new Command('models')
    .summary('list the models and how many keys they have')
    .addHelpText(
      'after',
      '\nA series such as A2x stands for its models that are not listed; any model may end in w.',
    )
    .action(() => {
      const models = MODEL_NAMES.map((model) => ({ model, ...MODELS[model] }));
      const value = { ...documentHead('models'), models };
      const cells = models.map((row) => [row.model, row.lineKeys, row.softkeys, row.memoryKeys].map(String));
      context.output.result(value, () =>
        columns([['model', 'line keys', 'soft keys', 'memory keys'], ...cells]),
      );
    });
}
