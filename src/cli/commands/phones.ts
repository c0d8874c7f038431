import { Command } from '@commander-js/extra-typings';
import { hostText } from '../../protocol/command-url.ts';
import { endpointOf } from '../../protocol/settings.ts';
import type { Context } from '../context.ts';
import { columns, visible } from '../text.ts';

/** `atcom phones` */
export function phonesCommand(context: Context) {
  return new Command('phones')
    .summary('list the phones of the config')
    .addHelpText('after', '\nExample:\n  $ atcom phones --profile staging')
    .action(async () => {
      const config = await context.config();
      const phones = [...config.phones].map(([name, settings]) => ({
        name,
        host: hostText(endpointOf(settings)),
        model: settings.model,
        default: name === config.defaultTarget,
        from: config.origin.get(name),
      }));
      const value = {
        schema: 'atcom/1',
        command: 'phones',
        ok: true,
        exitCode: 0,
        profile: config.profile,
        phones,
      };
      context.output.result(value, () =>
        columns(
          phones.map(({ name, host, model, default: chosen }) => [
            visible(name),
            visible(host),
            model ?? '',
            chosen ? 'default' : '',
          ]),
        ),
      );
      if (phones.length === 0 && !context.output.json) {
        context.output.note(
          () => 'There are no phones in the config; see atcom config path and atcom help targets.',
        );
      }
    });
}
