import type { ConfigContext } from '../../config/index.ts';
import { homeOf } from '../../files/home.ts';

/**
 * Where links are opened: in the home, because a desktop starts programs in any folder, such as a checkout in which the
 * browser was started, whose config may mean other phones.
 */
export function atHome(context: ConfigContext): ConfigContext {
  const cwd = homeOf(context.env) ?? context.cwd;
  return context.file === undefined ? { ...context, cwd } : context;
}
