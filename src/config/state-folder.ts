import { platform } from 'node:os';
import { AtcomError } from '../errors.ts';
import { strangerAbove } from '../files/folder-owner.ts';
import { chosenFolder, folderIn, homeOf, homeOfAccount } from '../files/home.ts';
import type { Person } from '../files/secret.ts';

/** The fix where that folder cannot be written. */
export const OTHER_STATE_FOLDER = 'set XDG_STATE_HOME to a folder that can be written';

/**
 * The platform's folder for the state of a program.
 *
 * @throws {AtcomError} what {@link stateIfAny} throws; `usage` for a user without a home
 */
export function stateFolder(person: Person, system?: NodeJS.Platform): string {
  const folder = stateIfAny(person, system);
  if (folder !== undefined) return folder;
  throw new AtcomError('usage', {
    reason: 'this user has no home, and so no folder for what atcom remembers',
    hint: 'set HOME or XDG_STATE_HOME to a folder of your own',
  });
}

/**
 * The same; undefined for a user without a home, for whom nothing is remembered.
 *
 * Nothing is kept or believed where another user than root could have put it. With the HOME of another, as under sudo,
 * the state is in the user's own home, as that of ssh is. A folder that was chosen is not exchanged: runs share locks in it.
 *
 * @throws {AtcomError} `unwritable-file` for an XDG_STATE_HOME, or homes, that others can write
 */
export function stateIfAny({ env, uid }: Person, system = platform()): string | undefined {
  const chosen = chosenFolder('state', env, system);
  const first = chosen ?? folderIn(homeOf(env), 'state', system);
  if (first === undefined || strangerAbove(first, uid) === undefined) return first;
  const folder = chosen ?? folderIn(homeOfAccount(), 'state', system) ?? first;
  const stranger = strangerAbove(folder, uid);
  if (stranger === undefined) return folder;
  throw new AtcomError('unwritable-file', {
    file: folder,
    reason: `${stranger}, and could mislead atcom`,
    hint: 'set XDG_STATE_HOME to a folder of your own, in which nobody else can write',
  });
}
