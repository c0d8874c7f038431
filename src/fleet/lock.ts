import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
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
  const own = `${file}.${randomUUID()}`;
  const content = `${pid} ${BEGAN}\n`;
  await writeFile(own, content, { mode: 0o600, flag: 'wx' });
  try {
    for (let attempt = 0; ; attempt += 1) {
      // A link comes into being whole: nobody ever reads a lock that does not say yet whose it is.
      if (await linked(own, file)) return { unlock: () => rm(file, { force: true }) };
      const found = await readFile(file, 'utf8').catch(() => undefined);
      const [owner = '', began = ''] = found?.trim().split(' ') ?? [];
      if (attempt > 1 || (found !== undefined && isAlive(Number(owner), Number(began)))) return { owner };
      if (found !== undefined) await clear(file, found);
    }
  } finally {
    await rm(own, { force: true });
  }
}

async function linked(own: string, file: string): Promise<boolean> {
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a lock that nobody has any more; one that somebody took over meanwhile is put back. */
async function clear(file: string, stale: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch {
    // Somebody else was faster.
    return;
  }
  if ((await readFile(aside, 'utf8')) !== stale) await linked(aside, file);
  await rm(aside, { force: true });
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
