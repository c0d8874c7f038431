import { homedir, platform } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Environment } from './types.ts';

/**
 * The platform's folder for what a program found out by itself. `env-paths` has no such folder for all platforms, and
 * looks at the process's own environment.
 */
export function stateFolder(env: Environment, system: NodeJS.Platform = platform()): string {
  const home = env['HOME'] || env['USERPROFILE'] || homedir();
  const absolute = (name: string) => (isAbsolute(env[name] ?? '') ? env[name] : undefined);
  if (system === 'darwin') return join(home, 'Library', 'Application Support', 'atcom');
  if (system === 'win32') return join(absolute('LOCALAPPDATA') ?? join(home, 'AppData', 'Local'), 'atcom');
  // The specification wants a relative path to be ignored; it would follow the current folder.
  return join(absolute('XDG_STATE_HOME') ?? join(home, '.local', 'state'), 'atcom');
}
