import { readFile } from 'node:fs/promises';

/** Where nobody tells, as many as Linux gives a process that asks for no more. */
const USUAL = 1024;

/** Kept free for everything but connections of phones: files, commands, webhooks. */
const RESERVED = 128;

/** More are never needed: phones that report all at once are answered within milliseconds. */
const MOST = 4096;

/**
 * How many connections may be open, so that there is always a handle left to take the next one with. A process that has
 * none left is not even told: the system closes what comes.
 */
export async function mostConnections(limits = '/proc/self/limits'): Promise<number> {
  const text = await readFile(limits, 'utf8').catch(() => '');
  const soft = /^Max open files\s+(\d+|unlimited)/m.exec(text)?.[1];
  const handles = soft === 'unlimited' ? MOST : Number(soft ?? USUAL);
  return Math.max(1, Math.min(MOST, handles - Math.min(RESERVED, Math.ceil(handles / 2))));
}
