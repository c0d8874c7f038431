import { Command } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { targetCommand, withTargets } from '../options.ts';

/** `atcom config path|show|validate|trust|schema` */
export function configCommand(context: Context) {
  const { output } = context;
  return new Command('config')
    .summary('show where settings come from, and check them')
    .addCommand(
      new Command('path')
        .summary('show the config files, and where atcom looks for them')
        .action(async () => {
          const { showPath } = await import('../config/path.ts');
          showPath(context);
        }),
    )
    .addCommand(
      targetCommand('show')
        .summary('show phones with all their settings, groups and macros; passwords are hidden')
        .argument('[target...]', 'only these phones, as for --to; by default, all in the config')
        .action(async (targets, options) => {
          const { showConfig } = await import('../config/show.ts');
          await showConfig(context, withTargets(targets, options));
        }),
    )
    .addCommand(
      new Command('validate')
        .summary('check the config files')
        .argument('[file]', 'check this file instead of the project file')
        .action(async (file) => {
          const { validateConfig } = await import('../config/validate.ts');
          await validateConfig(context, file);
        }),
    )
    .addCommand(
      new Command('trust')
        .summary('let a project file decide where your passwords go')
        .description(
          'Trusts a project file until it changes: your passwords go to the addresses in it, and it is used even if others may write to it. Read the file first; the command lists these addresses.',
        )
        .argument('<file>', 'the config file')
        .option('--revoke', 'stop trusting it')
        .addHelpText('after', '\nExample:\n  $ atcom config trust atcom.config.yaml')
        .action(async (file, { revoke }) => {
          const { trustConfig } = await import('../config/trust.ts');
          await trustConfig(context, file, revoke === true);
        }),
    )
    .addCommand(
      new Command('schema')
        .summary('print the JSON Schema of a config file, for editors')
        .action(async () => {
          const { makeJsonSchema } = await import('../../config/json-schema.ts');
          const schema = makeJsonSchema();
          output.result(schema, () => JSON.stringify(schema, null, 2));
        }),
    );
}
