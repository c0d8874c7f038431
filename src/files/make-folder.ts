import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Creates a folder level by level: with `recursive`, mkdir never returns below some roots, such as /proc. */
export async function makeFolder(folder: string, mayClimb = true): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    const parent = dirname(folder);
    if (code !== 'ENOENT' || !mayClimb || parent === folder) throw error;
    await makeFolder(parent);
    await makeFolder(folder, false);
  }
}
