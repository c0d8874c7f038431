import { open, readFile, rm } from 'node:fs/promises';
import { kill, pid } from 'node:process';

/** A lock that was taken, or who has it. */
export type Lock = { readonly unlock: () => Promise<void> } | { readonly owner: string };

/** When this process began: another one with the same number, as after a restart of a container, began earlier. */
const BEGAN = Math.round(performance.timeOrigin);

/** Clocks are set now and then; processes do not restart this fast, in milliseconds. */
const SAME = 1000;

/**
 * Takes a lock: a file that holds the process. What a killed run left behind is taken over.
 *
 * @throws what the file system says
 */
export async function takeLock(file: string): Promise<Lock> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const handle = await open(file, 'wx', 0o600);
      await handle.writeFile(`${pid} ${BEGAN}\n`);
      await handle.close();
      return { unlock: () => rm(file, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const [owner = '', began = ''] = (await readFile(file, 'utf8').catch(() => '')).trim().split(' ');
      if (attempt > 0 || isAlive(Number(owner), Number(began))) return { owner };
      await rm(file, { force: true });
    }
  }
}

function isAlive(owner: number, began: number): boolean {
  if (!Number.isInteger(owner) || owner <= 0) return false;
  if (owner === pid) return Math.abs(began - BEGAN) < SAME;
  try {
    kill(owner, 0);
    return true;
  } catch (error) {
    // A process of another user may not be signalled, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
