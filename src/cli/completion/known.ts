import { type Config, type ConfigContext, configStamp, loadConfig } from '../../config/index.ts';
import { withoutPasswords } from '../../errors/passwords.ts';
import type { Model } from '../../protocol/models.ts';
import type { PhoneSettings } from '../../protocol/settings.ts';
import type { Context } from '../context.ts';
import { keep, recall } from './memory.ts';

/** What completion takes from the config. */
export interface Known extends Pick<Config, 'groups' | 'macros' | 'profiles'> {
  readonly defaultTarget?: string | undefined;
  readonly phones: ReadonlyMap<string, Pick<PhoneSettings, 'name' | 'host' | 'model'>>;
  readonly pbxes: readonly string[];
}

/** How long a person waits at TAB, in milliseconds. */
const PATIENCE = 1000;

type Surroundings = Pick<Context, 'cwd' | 'env' | 'uid' | 'pid'>;

/**
 * The config that these words will use; empty if it cannot be read, because that is reported when the command runs. It
 * is read anew only when it was changed: with hundreds of phones, people would wait for the parser at every TAB.
 */
export async function knownOf(context: Surroundings, given: ReadonlyMap<string, string>): Promise<Known> {
  const { cwd, env, uid } = context;
  // A pipe that nobody writes to would be waited for.
  const signal = AbortSignal.timeout(PATIENCE);
  const wanted = { cwd, env, uid, signal, file: given.get('--config'), profile: given.get('--profile') };
  try {
    const stamp = configStamp(wanted);
    const kept = stamp === undefined ? undefined : recall(context, stamp, restored);
    if (kept !== undefined) return kept;
    const known = await read(wanted);
    // What was changed meanwhile would be kept under a stamp that is not its own.
    if (stamp !== undefined && configStamp(wanted) === stamp) keep(context, stamp, toKeep(known));
    return known;
  } catch {
    return { phones: new Map(), groups: new Map(), macros: new Map(), profiles: [], pbxes: [] };
  }
}

async function read(wanted: ConfigContext): Promise<Known> {
  // Without the profile, because that may be the name being typed.
  const config = await loadConfig(wanted).catch(() => loadConfig({ ...wanted, profile: undefined }));
  const { groups, defaultTarget } = config;
  return {
    ...config,
    // An address in them may have one, although nothing can be done with it.
    groups: new Map(withoutPasswords([...groups])),
    defaultTarget: withoutPasswords(defaultTarget),
    pbxes: [...(config.simulator?.pbxes.keys() ?? [])],
  };
}

/** Nothing else of the config leaves it: passwords are none of these. */
function toKeep({ phones, groups, macros, profiles, pbxes, defaultTarget }: Known) {
  return {
    phones: [...phones.values()].map(({ name, host, model }) => ({ name, host, model })),
    groups: [...groups],
    macros: [...macros],
    profiles,
    pbxes,
    defaultTarget,
  };
}

/** @throws {TypeError} for what was kept by nobody, and was written by hand */
function restored(value: unknown): Known {
  const { phones, groups, macros, ...others } = value as ReturnType<typeof toKeep>;
  const named = phones.map((phone): [string, (typeof phones)[number]] => [phone.name ?? '', phone]);
  return { ...others, phones: new Map(named), groups: new Map(groups), macros: new Map(macros) };
}

/** The models of the selected phones; empty if they cannot be determined. */
export async function modelsOf(target: string | undefined, known: Known): Promise<readonly Model[]> {
  const { resolveTargets } = await import('../../targets/resolve.ts');
  try {
    const { phones } = resolveTargets(target === undefined ? {} : { to: [target] }, known);
    return [...new Set(phones.flatMap(({ model }) => model ?? []))];
  } catch {
    return [];
  }
}
