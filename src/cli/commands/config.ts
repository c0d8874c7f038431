import { Command } from '@commander-js/extra-typings';
import type { Config } from '../../config/index.ts';
import { AtcomError, isAtcomError } from '../../errors.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import { resolveTargets } from '../../targets/resolve.ts';
import type { Context } from '../context.ts';
import { columns, count, visible } from '../output/text.ts';

/** `atcom config path|show|validate|schema` */
export function configCommand(context: Context) {
  const { output } = context;
  return new Command('config')
    .summary('show where settings come from, and check them')
    .addCommand(
      new Command('path').summary('the config files, and where they are looked for').action(async () => {
        const { findConfig } = await import('../../config/index.ts');
        const { searched, user, ignored } = findConfig(context);
        const { files } = await context.config();
        output.result({ ...documentHead('config path'), files, searched, user, ignored }, () =>
          columns([
            ...files.map(({ kind, path }) => [kind, visible(path)]),
            ...(files.some(({ kind }) => kind === 'user') ? [] : [['user', `${visible(user)} (not there)`]]),
          ]),
        );
      }),
    )
    .addCommand(
      new Command('show').summary('the phones with all their settings; passwords hidden').action(async () => {
        const { files, phones, defaultTarget, profile } = await context.config();
        const shown = [...phones.values()].map((phone) => redacted(context.settings(phone)));
        const value = {
          ...documentHead('config show'),
          files,
          profile,
          default: defaultTarget,
          phones: shown,
        };
        output.result(value, () => shown.map((phone) => visibleJson(phone)).join('\n'));
      }),
    )
    .addCommand(
      new Command('validate')
        .summary('check the config files')
        .argument('[file]', 'this file instead of the project file')
        .action(async (file) => {
          const { loadConfig } = await import('../../config/index.ts');
          const env = file === undefined ? context.env : { ...context.env, ATCOM_CONFIG: file };
          const config = await loadConfig({ ...context, env });
          checkTargets(config);
          const { files, phones } = config;
          output.result({ ...documentHead('config validate'), files, phones: phones.size }, () =>
            files.length === 0
              ? 'there is no config file; atcom config path shows where one can be'
              : `${files.map(({ path }) => visible(path)).join(', ')}: ok, ${count(phones.size, 'phone')}`,
          );
        }),
    )
    .addCommand(
      new Command('schema').summary('the JSON Schema of a config file, for editors').action(async () => {
        const { makeJsonSchema } = await import('../../config/json-schema.ts');
        const schema = makeJsonSchema();
        output.result(schema, () => JSON.stringify(schema, null, 2));
      }),
    );
}

/** Names in `default` and `groups` are looked up only when they are used; a check looks them all up. */
function checkTargets(config: Config): void {
  const targets = [
    ...(config.defaultTarget === undefined ? [] : [['default', config.defaultTarget] as const]),
    ...[...config.groups.keys()].map((name) => [`groups.${name}`, `@${name}`] as const),
  ];
  const problems = targets.flatMap(([setting, target]) => {
    try {
      resolveTargets({ to: [target] }, config);
      return [];
    } catch (error) {
      if (!isAtcomError(error)) throw error;
      return [`${setting}: ${error.message}${error.hint === undefined ? '' : `; ${error.hint}`}`];
    }
  });
  if (problems.length === 0) return;
  throw new AtcomError('invalid-config', {
    file: config.files.map(({ path }) => path).join(' and '),
    problems,
  });
}

/** Settings without what is secret. */
function redacted<T extends { readonly password?: string | undefined }>(settings: T): T {
  return settings.password === undefined ? settings : { ...settings, password: '(hidden)' };
}

function visibleJson(value: object): string {
  return visible(JSON.stringify(value));
}
