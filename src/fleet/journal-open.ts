import { constants } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AtcomError, isAtcomError } from '../errors.ts';
import { openLocked } from './lock.ts';
import { makeFolder } from './make-folder.ts';

/**
 * Opens the file of a journal and locks it for this run, under any name: two runs that continued one journal would
 * press the same phones.
 *
 * @param begin - reads the file and writes to it; if that fails, the file is closed and unlocked
 * @throws {AtcomError} `journal`
 */
export async function withJournalFile<T>(
  path: string,
  { fresh }: { readonly fresh: boolean },
  begin: (handle: FileHandle) => Promise<T>,
): Promise<T> {
  let handle: FileHandle | undefined;
  try {
    handle = await (fresh ? openNew(path) : openLocked(path, constants.O_RDWR));
    if (handle === undefined) {
      throw unusable(path, `another run has it${await ownerOf(path)}`, 'wait until that has ended');
    }
    if (!(await handle.stat()).isFile()) throw unusable(path, 'it is no plain file', 'name another file');
    return await begin(handle);
  } catch (error) {
    await handle?.close();
    if (isAtcomError(error)) throw error;
    const hint = 'check the path, its permissions and the room on its disk';
    throw unusable(path, (error as Error).message, hint, error);
  }
}

/** The error for a journal that cannot be used. */
export function unusable(file: string, reason: string, hint: string, cause?: unknown): AtcomError<'journal'> {
  return new AtcomError('journal', { file, reason, hint }, { cause });
}

/** Creates the file at exactly this path, and its folder, or opens an existing one, which may still be unused. */
async function openNew(path: string): Promise<FileHandle | undefined> {
  await makeFolder(dirname(path));
  try {
    return await openLocked(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return openLocked(path, constants.O_RDWR);
  }
}

/** The process that wrote to it last. */
async function ownerOf(path: string): Promise<string> {
  // Only for the message; on Windows, other processes cannot even read it.
  const text = await readFile(path, 'utf8').catch(() => '');
  const [, process, host] = /.*\{"run":\{"process":(\d+),"host":"([\w.-]*)"/s.exec(text) ?? [];
  return process === undefined ? '' : ` (process ${process} on ${host})`;
}

/** Flushes the folder, so that the new file name is on disk. */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(dirname(path));
    await folder.sync().finally(() => folder.close());
  } catch {
    // Windows cannot open folders, and some file systems cannot flush them; the flush of the file itself has to do.
  }
}
