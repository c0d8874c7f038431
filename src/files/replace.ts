import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder.ts';
import { unwritable } from './reason.ts';

/**
 * Replaces a file of the program's own as a whole: nobody ever reads half of it, no link is followed, and only this user
 * can read it. Creates missing folders.
 *
 * @param hint - the fix if that cannot be done, if it is a special one
 * @throws {AtcomError} `unwritable-file`
 */
export async function replaceFile(file: string, text: string, hint?: string): Promise<void> {
  const beside = `${file}.${randomUUID()}`;
  try {
    await makeFolder(dirname(file));
    await writeFile(beside, text, { mode: 0o600, flag: 'wx' });
    await rename(beside, file);
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw unwritable(file, cause, hint);
  }
}
