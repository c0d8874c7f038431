import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type AtcomError, isAtcomError } from '../errors.ts';
import { makeFolder } from '../files/make-folder.ts';
import { readPlainFile } from '../files/plain.ts';
import { checkLinks, checkOpened } from '../files/planted.ts';
import { reasonOf } from '../files/reason.ts';
import type { Person } from '../files/secret.ts';
import { unusable } from './journal-error.ts';
import { keepPrivate } from './journal-owner.ts';
import { openLocked } from './lock.ts';

/** Journals of 100,000 phones are far smaller; a larger file is something else. */
const LARGEST = 256 * 1024 * 1024;

const TOO_LARGE = 'it is larger than 256 MiB';

/**
 * Opens the file of a journal and locks it for this run, under any name: two runs that continued one journal would
 * press the same phones.
 *
 * @param begin - gets what is in the file, makes the file its owner's alone if it is a journal, and writes to it; if that
 *   fails, the file is closed and unlocked
 * @throws {AtcomError} `journal`; `unwritable-file` for what another user may have planted
 */
export async function withJournalFile<T>(
  path: string,
  { fresh, person }: { readonly fresh: boolean; readonly person: Person | undefined },
  begin: (handle: FileHandle, content: Buffer, claim: () => Promise<void>) => Promise<T>,
): Promise<T> {
  let handle: FileHandle | undefined;
  try {
    // Opening a device for writing may do something.
    const known = await stat(path).catch(() => undefined);
    if (known?.isFile() === false) {
      throw unusable(
        path,
        known.isDirectory() ? 'it is a folder' : 'it is no plain file',
        'name another file',
      );
    }
    const way = person && checkLinks(path, person);
    const guard = way?.flag ?? 0;
    handle = await (fresh ? openNew(path, guard) : openLocked(path, constants.O_RDWR | guard));
    if (handle === undefined) {
      throw unusable(path, `another run has it${ownerOf(path)}`, 'wait until that has ended');
    }
    const stats = await handle.stat();
    if (!stats.isFile()) throw unusable(path, 'it is no plain file', 'name another file');
    if (stats.size > LARGEST) throw unusable(path, TOO_LARGE, 'name another file');
    if (person !== undefined && way !== undefined) checkOpened(path, way, handle.fd, person);
    const opened = handle;
    return await begin(opened, await opened.readFile(), () => keepPrivate(path, opened, person));
  } catch (error) {
    await handle?.close();
    if (isAtcomError(error)) throw error;
    const hint = 'check the path, its permissions and the room on its disk';
    throw unusable(path, reasonOf(error), hint, error);
  }
}

/** Creates the file at exactly this path, and its folder, or opens an existing one, which may still be unused. */
async function openNew(path: string, guard: number): Promise<FileHandle | undefined> {
  await makeFolder(dirname(path));
  try {
    return await openLocked(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return openLocked(path, constants.O_RDWR | guard);
  }
}

/**
 * The text of a journal, read without its lock; undefined if there is no such file.
 *
 * @throws {AtcomError} `journal` if it cannot be read
 */
export function peekAtJournal(path: string): string | undefined {
  try {
    return readPlainFile(path, LARGEST);
  } catch (error) {
    const { cause, details } = error as AtcomError<'unreadable-file'>;
    if ((cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return undefined;
    throw unusable(path, details.reason, 'name another file', error);
  }
}

/** The process that wrote to it last. */
function ownerOf(path: string): string {
  let text = '';
  try {
    text = readPlainFile(path, LARGEST);
  } catch {
    // Only for the message; on Windows, other processes cannot even read it.
  }
  const last = text.slice(Math.max(0, text.lastIndexOf('{"run":{"process":')));
  const [, process, host] = /^\{"run":\{"process":(\d+),"host":"([\w.-]*)"/.exec(last) ?? [];
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
