import { type Config, type ConfigContext, loadConfig } from '../../config/index.ts';
import { homeOf } from '../../files/home.ts';
import type { Context } from '../context.ts';

/**
 * Where links are opened: in the home, because a desktop starts programs in any folder, such as a checkout in which the
 * browser was started, whose config may mean other phones.
 */
export function atHome(context: ConfigContext): ConfigContext {
  const cwd = homeOf(context.env) ?? context.cwd;
  return context.file === undefined ? { ...context, cwd } : context;
}

/** The same for all of what commands work with. */
export function openedAtHome(context: Context): Context {
  const configContext = atHome(context.configContext);
  let config: Promise<Config> | undefined;
  return {
    ...context,
    configContext,
    config: () => {
      config ??= loadConfig(configContext);
      return config;
    },
  };
}
