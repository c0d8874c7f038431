import { open, readFile, rm } from 'node:fs/promises';
import { kill, pid } from 'node:process';
import { AtcomError } from '../errors.ts';

/**
 * Keeps a journal to one run: two that go on with the same one would press the same phones. The file beside it holds
 * the process; what a killed run left behind is taken over.
 *
 * @throws {AtcomError} `journal` while another run has it
 */
export async function lock(path: string): Promise<() => Promise<void>> {
  const file = `${path}.lock`;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const handle = await open(file, 'wx', 0o600);
      await handle.writeFile(`${pid}\n`);
      await handle.close();
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
        throw unusable(path, (error as Error).message, error);
      const owner = Number(await readFile(file, 'utf8').catch(() => ''));
      if (isAlive(owner)) throw unusable(path, `another run has it (process ${owner})`, error);
      await rm(file, { force: true });
    }
  }
  throw unusable(path, 'another run has it');
}

function isAlive(owner: number): boolean {
  // In a container a killed run and the next one often have the same number.
  if (!Number.isInteger(owner) || owner <= 0 || owner === pid) return false;
  try {
    kill(owner, 0);
    return true;
  } catch (error) {
    // A process of another user may not be signalled, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function unusable(file: string, reason: string, cause?: unknown): AtcomError {
  const hint = `check its folder; if no run has it any more, remove ${file}.lock`;
  return new AtcomError('journal', { file, reason, hint }, { cause });
}
