import { visible } from '../../errors/visible.ts';
import { hostText } from '../../protocol/command-url.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import { endpointOf, nameOf } from '../../protocol/settings.ts';
import { foldNodeset } from '../../targets/fold.ts';
import type { Context } from '../context.ts';
import { targetCommand, withTargets } from '../options.ts';
import { columns } from '../output/text.ts';
import { selectOrAll } from '../press/targets.ts';

/** `atcom phones [target…]` */
export function phonesCommand(context: Context) {
  return targetCommand('phones')
    .summary('list the phones in the config, or those of a target')
    .argument('[target...]', 'which phones, as for --to; by default, all in the config')
    .option('--fold', 'print them as one target, such as lab-[01-12]')
    .option('--count', 'print how many there are')
    .option('--names', 'print their names, one per line')
    .addHelpText(
      'after',
      "\nExamples:\n  $ atcom phones --profile staging\n  $ atcom phones 'lab-*!lab-[05-09]' --fold",
    )
    .action(async (targets, style) => {
      const config = await context.config();
      const selected = await selectOrAll(context, withTargets(targets, style));
      const phones = selected.map((settings) => {
        const [name, host] = [nameOf(settings), hostText(endpointOf(settings))];
        const { model } = settings;
        return { name, host, model, default: name === config.defaultTarget, from: config.origin.get(name) };
      });
      const fold = foldNodeset(phones.map(({ name }) => name));
      const head = { ...documentHead('phones'), profile: config.profile };
      context.output.result({ ...head, count: phones.length, fold, phones }, () => {
        if (style.count === true) return String(phones.length);
        if (style.fold === true) return visible(fold);
        if (style.names === true) return phones.map(({ name }) => visible(name)).join('\n');
        return columns(
          phones.map(({ name, host, model, default: chosen }) => [
            visible(name),
            visible(host),
            model ?? '',
            chosen ? 'default' : '',
          ]),
        );
      });
      if (phones.length === 0 && !context.output.json) {
        context.output.note(
          () => 'There are no phones in the config; see atcom config path and atcom help targets.',
        );
      }
    });
}
