import { hearSignal } from '../../abort.ts';
import { type Config, type ConfigContext, everyProfile, findConfig } from '../../config/index.ts';
import { visible } from '../../errors/visible.ts';
import { AtcomError, isAtcomError } from '../../errors.ts';
import { newEventFinder } from '../../protocol/event-paths.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import { checkConfigTargets, type Looks } from '../../targets/effort.ts';
import { resolveTargets } from '../../targets/resolve.ts';
import type { Context } from '../context.ts';
import { columns, count } from '../output/text.ts';
import { lookedAt } from './path.ts';

/**
 * Checks the config files, including what a run would notice only on use: each profile, names in `default`
 * and `groups`, two names for one phone.
 *
 * @throws {AtcomError} `invalid-config` and the other codes of a config
 */
export async function validateConfig({ output, configContext }: Context, file?: string): Promise<void> {
  const context = file === undefined ? configContext : { ...configContext, file };
  const problems = new Set<string>();
  let config: Config | undefined;
  const looks = { count: 0 };
  for await (const each of everyProfile(context)) {
    config ??= each;
    const wrong = [...each.warnings, ...(await wrongTargets(each, looks, context)), ...wrongAccounts(each)];
    for (const problem of [...wrong, ...wrongPaths(each)]) problems.add(problem);
  }
  const { files, phones, credentialsMistakes } = config as Config;
  if (problems.size > 0) {
    const names = files.map(({ path }) => path).join(' and ');
    throw new AtcomError('invalid-config', { file: names, problems: [...problems] });
  }
  const mistakes = credentialsMistakes();
  const places = findConfig(context);
  const { searched, ignored } = places;
  output.result({ ...documentHead('config validate'), files, searched, ignored, phones: phones.size }, () =>
    [
      files.length === 0
        ? 'there is no config file'
        : `${files.map(({ path }) => visible(path)).join(', ')}: ok, ${count(phones.size, 'phone')}`,
      columns(lookedAt(places)),
    ]
      .filter((line) => line !== '')
      .join('\n'),
  );
  for (const { target, reason, phones: selected } of mistakes) {
    const extent = selected === 0 ? 'to no phone' : `only to ${count(selected, 'phone')}`;
    output.note(
      (paint) =>
        `${paint('yellow', 'warning')}: credentials of ${visible(target)} apply ${extent}: ${visible(reason)}`,
    );
  }
}

/** Paths that are right in each file, but that two files give to different events. */
function wrongPaths({ events }: Config): readonly string[] {
  try {
    newEventFinder(events);
    return [];
  } catch (error) {
    if (!isAtcomError(error)) throw error;
    return [`events: ${error.message}`];
  }
}

/** Accounts that `pbxes` names and that are nowhere. */
function wrongAccounts({ simulator }: Config): readonly string[] {
  return [...(simulator?.pbxes ?? [])].flatMap(([pbx, names]) =>
    names
      .filter((name) => simulator?.accounts.has(name) !== true)
      .map((name) => `simulator.pbxes.${pbx}: there is no account ${JSON.stringify(name)}`),
  );
}

/** Names in `default` and `groups` are looked up only when they are used; a check looks them all up. */
async function wrongTargets(
  config: Config,
  looks: Looks,
  { signal }: ConfigContext,
): Promise<readonly string[]> {
  const { defaultTarget, groups, profile } = config;
  // A profile with phones of its own shares the groups with others.
  const names = profile === undefined ? [...groups.keys()] : [];
  const at = profile === undefined ? '' : `profiles.${profile}.`;
  const targets = [
    ...(defaultTarget === undefined ? [] : [[`${at}default`, defaultTarget] as const]),
    ...names.map((name) => [`groups.${name}`, `@${name}`] as const),
  ];
  const inventory = { ...config, looks, evaluated: new Map() };
  const problems: string[] = [];
  for (const [setting, target] of targets) {
    await hearSignal(signal);
    try {
      resolveTargets({ to: [target] }, inventory);
    } catch (error) {
      if (!isAtcomError(error)) throw error;
      problems.push(`${setting}: ${error.message}${error.hint === undefined ? '' : `; ${error.hint}`}`);
    }
    checkConfigTargets(looks);
  }
  return problems;
}
