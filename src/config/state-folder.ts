import { homedir, platform } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Environment } from './types.ts';

/** The fix where that folder cannot be written, as in a container whose user has no home. */
export const OTHER_STATE_FOLDER = 'set XDG_STATE_HOME to a folder that can be written';

/**
 * The platform's folder for the state of a program. `env-paths` does not have it for all platforms, and reads the
 * environment of the process.
 */
export function stateFolder(env: Environment, system: NodeJS.Platform = platform()): string {
  const home = env['HOME'] || env['USERPROFILE'] || homeOfUser();
  const absolute = (name: string) => (isAbsolute(env[name] ?? '') ? env[name] : undefined);
  if (system === 'darwin') return join(home, 'Library', 'Application Support', 'atcom');
  if (system === 'win32') return join(absolute('LOCALAPPDATA') ?? join(home, 'AppData', 'Local'), 'atcom');
  // The specification says to ignore a relative path, which would depend on the current folder.
  return join(absolute('XDG_STATE_HOME') ?? join(home, '.local', 'state'), 'atcom');
}

/** A container's user that is only a number has no home. */
function homeOfUser(): string {
  try {
    return homedir();
  } catch {
    return '/';
  }
}
