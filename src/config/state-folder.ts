import { platform, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { AtcomError } from '../errors.ts';
import { strangerAbove } from '../files/folder-owner.ts';
import type { Person } from '../files/secret.ts';

/** The fix where that folder cannot be written, as in a container whose user has no home. */
export const OTHER_STATE_FOLDER = 'set XDG_STATE_HOME to a folder that can be written';

/**
 * The platform's folder for the state of a program. `env-paths` does not have it for all platforms, and reads the
 * environment of the process.
 *
 * Nothing is kept or believed where another user than root could have put it. With the HOME of another, as under sudo,
 * the state is in the user's own home, as that of ssh is. A folder that was chosen is not exchanged: runs share locks in it.
 *
 * @throws {AtcomError} `unwritable-file` for an XDG_STATE_HOME, or homes, that others can write
 */
export function stateFolder({ env, uid }: Person, system: NodeJS.Platform = platform()): string {
  const home = env['HOME'] || env['USERPROFILE'] || homeOfUser();
  const chosen = chosenFolder(env, system);
  if (chosen === undefined) {
    const folder = standardFolder(home, system);
    if (strangerAbove(folder, uid) === undefined) return folder;
  }
  const folder = chosen ?? standardFolder(homeOfUser(), system);
  const stranger = strangerAbove(folder, uid);
  if (stranger === undefined) return folder;
  throw new AtcomError('unwritable-file', {
    file: folder,
    reason: `${stranger}, and could mislead atcom`,
    hint: 'set XDG_STATE_HOME to a folder of your own, in which nobody else can write',
  });
}

function standardFolder(home: string, system: NodeJS.Platform): string {
  if (system === 'darwin') return join(home, 'Library', 'Application Support', 'atcom');
  if (system === 'win32') return join(home, 'AppData', 'Local', 'atcom');
  return join(home, '.local', 'state', 'atcom');
}

/** The specification says to ignore a relative path, which would depend on the current folder. */
function chosenFolder(env: Person['env'], system: NodeJS.Platform): string | undefined {
  if (system === 'darwin') return undefined;
  const folder = env[system === 'win32' ? 'LOCALAPPDATA' : 'XDG_STATE_HOME'] ?? '';
  return isAbsolute(folder) ? join(folder, 'atcom') : undefined;
}

/** As the system has it, whatever HOME says. A container's user that is only a number has none. */
function homeOfUser(): string {
  try {
    return userInfo().homedir;
  } catch {
    return '/';
  }
}
