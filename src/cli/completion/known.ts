import type { Config } from '../../config/index.ts';
import type { Model } from '../../protocol/models.ts';
import type { Context } from '../context.ts';

/** What completion takes from the config. */
export type Known = Pick<Config, 'phones' | 'groups' | 'defaultTarget' | 'macros' | 'profiles' | 'simulator'>;

const NOTHING: Known = { phones: new Map(), groups: new Map(), macros: new Map(), profiles: [] };

/** The config that these words will use; empty if it cannot be read, because that is reported when the command runs. */
export async function knownOf(
  { cwd, env, uid }: Pick<Context, 'cwd' | 'env' | 'uid'>,
  given: ReadonlyMap<string, string>,
): Promise<Known> {
  const { loadConfig } = await import('../../config/index.ts');
  const context = { cwd, env, uid, file: given.get('--config') };
  try {
    // Without the profile, because that may be the name being typed.
    return await loadConfig({ ...context, profile: given.get('--profile') }).catch(() => loadConfig(context));
  } catch {
    return NOTHING;
  }
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
