import { homedir, platform } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Context } from './context.ts';

/** The platform's folder for what can be made anew; `bin/load.js` stores compiled code there, too. */
export function cacheFolder(env: Context['env'], system: NodeJS.Platform = platform()): string {
  const home = env['HOME'] || env['USERPROFILE'] || homedir();
  if (system === 'darwin') return join(home, 'Library', 'Caches', 'atcom');
  if (system === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'atcom');
  const base = env['XDG_CACHE_HOME'];
  return join(base !== undefined && isAbsolute(base) ? base : join(home, '.cache'), 'atcom');
}
