import { randomUUID } from 'node:crypto';
import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { unwritable } from './reason.ts';

interface Replacing {
  readonly mode?: number;
  readonly hint?: string;
}

/**
 * Replaces a file of the program's own as a whole: nobody ever reads half of it, no link is followed, and only this user
 * can read it, if nothing else is said. Creates missing folders.
 *
 * @param how - its mode, and the fix if it cannot be replaced, if that is a special one
 * @throws {AtcomError} `unwritable-file`
 */
export async function replaceFile(file: string, text: string | Buffer, how: Replacing = {}): Promise<void> {
  const { mode = 0o600, hint } = how;
  const beside = `${file}.${randomUUID()}`;
  try {
    await makeFolder(dirname(file));
    await writeFile(beside, text, { mode, flag: 'wx' });
    // The umask takes from it.
    if (how.mode !== undefined) await chmod(beside, mode);
    await rename(beside, file);
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw unwritable(file, cause, hint);
  }
}
