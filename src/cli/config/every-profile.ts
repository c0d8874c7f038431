import { type Config, type ConfigContext, loadConfig } from '../../config/index.ts';

/** The config, and unless a profile is chosen also as each of its profiles makes it. */
export async function everyProfile(context: ConfigContext): Promise<readonly [Config, ...Config[]]> {
  const config = await loadConfig(context);
  const others: Config[] = [];
  if (config.profile === undefined) {
    for (const profile of config.profiles) others.push(await loadConfig({ ...context, profile }));
  }
  return [config, ...others];
}
