import { unlink } from 'node:fs/promises';
import { unwritable } from './reason.ts';

/**
 * Removes a file, or a link that leads nowhere. Resolves to whether it was there.
 *
 * @throws {AtcomError} `unwritable-file`
 */
export async function removeFile(file: string): Promise<boolean> {
  try {
    await unlink(file);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw unwritable(file, error);
  }
}
