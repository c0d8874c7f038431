import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Creates a folder level by level: with `recursive`, mkdir never returns below some roots, such as /proc.
 *
 * @param mode - who may open what is created; this user alone if nothing else is said
 */
export async function makeFolder(folder: string, mode = 0o700, mayClimb = true): Promise<void> {
  try {
    await mkdir(folder, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    const parent = dirname(folder);
    if (code !== 'ENOENT' || !mayClimb || parent === folder) throw error;
    await makeFolder(parent, mode);
    await makeFolder(folder, mode, false);
  }
}
